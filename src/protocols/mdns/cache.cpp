// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "protocols/mdns/cache.hpp"

#include <algorithm>

namespace smgw::mdns {
namespace {

using namespace std::chrono;

/// How long what is replaced or said goodbye to still counts (RFC 6762, 10.1, 10.2).
constexpr seconds last_second{1};

}  // namespace

void cache::take(const record& r, time_point now) {
  std::erase_if(entries_, [&](const entry& e) { return e.ends <= now; });
  if (r.class_code != 1) return;
  const auto end_soon = [&](entry& e) { e.ends = std::min(e.ends, now + last_second); };
  if (r.flush)
    for (auto& e : entries_)
      if (e.what.what == r.what && same(e.what.about, r.about) && now - e.heard > last_second) end_soon(e);
  const auto at = std::ranges::find_if(
      entries_, [&](const entry& e) { return same(e.what.about, r.about) && same_data(e.what, r); });
  if (r.ttl == 0) {
    if (at != entries_.end()) end_soon(*at);
    return;
  }
  const entry fresh{r, now, now + std::min(seconds{r.ttl}, longest_life)};
  if (at != entries_.end()) {
    *at = fresh;
    return;
  }
  if (entries_.size() >= max_cached) entries_.erase(std::ranges::min_element(entries_, {}, &entry::ends));
  entries_.push_back(fresh);
}

std::vector<record> cache::find(const name& about, type what, time_point now) const {
  std::vector<record> out;
  for (const auto& e : entries_) {
    if (e.ends <= now || e.what.what != what || !same(e.what.about, about)) continue;
    out.push_back(e.what);
    out.back().ttl = static_cast<std::uint32_t>(duration_cast<seconds>(e.ends - now).count());
  }
  return out;
}

std::vector<record> cache::known(const question& q, time_point now) const {
  std::vector<record> out;
  for (const auto& e : entries_) {
    const auto left = e.ends - now;
    if (q.what != e.what.what || !same(e.what.about, q.about) || left <= (e.ends - e.heard) / 2) continue;
    out.push_back(e.what);
    out.back().flush = false;  // of known answers it means nothing (RFC 6762, 10.2)
    out.back().ttl = static_cast<std::uint32_t>(duration_cast<seconds>(left).count());
  }
  return out;
}

bool cache::denied(const name& about, type what, time_point now) const {
  const auto said = find(about, type::nsec, now);
  return find(about, what, now).empty() &&
         std::ranges::any_of(said, [&](const record& r) { return std::ranges::find(r.types, what) == r.types.end(); });
}

bool cache::has(const name& about, time_point now) const {
  return std::ranges::any_of(entries_, [&](const entry& e) { return e.ends > now && same(e.what.about, about); });
}

void cache::forget(const name& about) {
  std::erase_if(entries_, [&](const entry& e) { return same(e.what.about, about); });
}

}  // namespace smgw::mdns
