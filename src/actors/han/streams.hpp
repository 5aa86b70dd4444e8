// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

/// \file
/// Who follows the live values of which meters.

#include "actors/interfaces/han.hpp"
#include "protocols/han/model.hpp"

#include <chrono>
#include <map>
#include <set>

namespace smgw::han {

/// A connection that takes events.
struct follower {
  session_actor session;
  party who;
  std::vector<device_id> meters;
  time_point last;  ///< when something went out
};

class followers {
 public:
  void add(follower f) { all_.push_back(std::move(f)); }
  void remove(const caf::actor_addr& session);
  [[nodiscard]] std::size_t size() const noexcept { return all_.size(); }
  [[nodiscard]] std::set<device_id> meters() const;
  [[nodiscard]] std::vector<follower>& all() noexcept { return all_; }
  /// Whether a telegram of this instant is new for the meter.
  [[nodiscard]] bool is_new(const device_id& meter, timestamp captured);

 private:
  std::vector<follower> all_;
  std::map<device_id, timestamp> told_;
};

}  // namespace smgw::han
