// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "protocols/http/login_guard.hpp"

#include <algorithm>
#include <tuple>

namespace smgw::http {

using std::chrono::ceil;
using std::chrono::seconds;

const login_guard::entry* login_guard::find(std::string_view user, std::string_view source) const {
  const auto found = entries_.find(key{user, source});
  return found == entries_.end() ? nullptr : &found->second;
}

bool login_guard::knows(std::string_view user, std::string_view source, time_point now) const {
  const auto* e = find(user, source);
  return e != nullptr && e->trusted && now - *e->trusted < policy_.trust;
}

std::optional<seconds> login_guard::locked(std::string_view user, std::string_view source, time_point now) const {
  std::optional<seconds> wait;
  const auto look = [&](const entry* e) {
    if (e != nullptr && e->until && now < *e->until)
      wait = std::max(wait.value_or(seconds{0}), ceil<seconds>(*e->until - now));
  };
  look(find(user, source));
  if (!knows(user, source, now)) look(find(user, {}));
  return wait;
}

/// The entry to change. When the table is full the one goes that says least. Who tries from many sources can make
/// entries that are locked, but none of the kinds before.
login_guard::entry& login_guard::touch(std::string_view user, std::string_view source, time_point now) {
  const key name{user, source};
  if (!entries_.contains(name) && entries_.size() >= policy_.entries) {
    const auto worth = [&](const auto& e) {
      const bool is_trusted = e.second.trusted && now - *e.second.trusted < policy_.trust;
      const bool is_locked = e.second.until && now < *e.second.until;
      return std::tuple{e.first.second.empty(), is_trusted, is_locked, e.second.last};
    };
    entries_.erase(std::ranges::min_element(entries_, {}, worth));
  }
  auto& e = entries_[name];
  e.last = now;
  return e;
}

bool login_guard::count(entry& e, unsigned limit, time_point now) const {
  if (e.failures == 0 || now - e.first >= policy_.window) {
    e.failures = 0;
    e.first = now;
  }
  if (++e.failures < limit) return false;
  e.failures = 0;
  e.until = now + policy_.lock;
  return true;
}

bool login_guard::failed(std::string_view user, std::string_view source, time_point now) {
  const bool here = count(touch(user, source, now), policy_.tries, now);
  // A known source that mistypes is no attack from many places.
  if (knows(user, source, now)) return here;
  const bool everywhere = count(touch(user, {}, now), policy_.account_tries, now);
  return here || everywhere;
}

void login_guard::succeeded(std::string_view user, std::string_view source, time_point now) {
  auto& e = touch(user, source, now);
  e.failures = 0;
  e.until.reset();
  e.trusted = now;
}

}  // namespace smgw::http
