// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "domain/schedule/weekly.hpp"

#include <algorithm>

namespace smgw::schedule {
namespace {

using namespace std::chrono;

struct opening {
  timestamp from, to;
};

/// The windows around `t`, in order: those that may still be open, and a whole week ahead.
std::vector<opening> around(const weekly& w, timestamp t, const calendar::legal_time& zone) {
  std::vector<opening> out;
  const auto today = zone.day_of(t);
  for (auto day = today - days{2}; day <= today + days{8}; day += days{1})
    for (const auto& one : w.windows) {
      if (!one.days[weekday{day}.iso_encoding() - 1]) continue;
      const auto last = one.to > one.from ? day : day + days{1};
      out.push_back({zone.to_utc(local_seconds{day} + one.from), zone.to_utc(local_seconds{last} + one.to)});
    }
  std::ranges::sort(out, {}, &opening::from);
  return out;
}

}  // namespace

std::optional<timestamp> open_until(const weekly& w, timestamp t, const calendar::legal_time& zone) {
  if (w.windows.empty()) return timestamp::max();
  auto until = t;
  for (const auto& o : around(w, t, zone))
    if (o.from <= until && o.to > until) until = o.to;
  if (until == t) return std::nullopt;
  return until - t >= weeks{1} ? timestamp::max() : until;
}

timestamp next_opening(const weekly& w, timestamp t, const calendar::legal_time& zone) {
  for (const auto& o : around(w, t, zone))
    if (o.from > t) return o.from;
  return timestamp::max();
}

}  // namespace smgw::schedule
