// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "actors/han/streams.hpp"

#include <algorithm>

namespace smgw::han {

void followers::remove(const caf::actor_addr& session) {
  std::erase_if(all_, [&](const follower& f) { return f.session.address() == session; });
  if (all_.empty()) told_.clear();
}

std::set<device_id> followers::meters() const {
  std::set<device_id> out;
  for (const auto& f : all_) out.insert(f.meters.begin(), f.meters.end());
  return out;
}

bool followers::is_new(const device_id& meter, timestamp captured) {
  auto& last = told_[meter];
  if (captured <= last) return false;
  last = captured;
  return true;
}

}  // namespace smgw::han
