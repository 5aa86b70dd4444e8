// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

/// \file
/// Octets between the two sides of a channel, within what its profile allows.

#include "actors/cls/relay.hpp"

#include <array>

namespace smgw::cls {

/// Waits until a socket of them is ready; the second of each says whether it is read. Which of them have something.
std::array<bool, 2> wait_for(std::initializer_list<std::pair<const leg*, bool>> legs);
/// Lets a side say its last octets; with `until_closed` also hear the other's.
void drain(leg& l, timestamp now, std::chrono::seconds grace, bool until_closed, const std::stop_token& stop);

/// Times and volumes of one connection.
class bounds {
 public:
  /// `closes`: when the profile's window ends.
  bounds(const relay_world& world, const route& r, timestamp closes)
      : world_(&world), rule_(&r), closes_(closes), left_(r.rule.volume_limit) {}
  /// Sends as much of it as still may cross, counted in `count`. exhausted: there was more, or that was the last.
  [[nodiscard]] expected<void> pass(bytes_view plain, leg& to, std::uint64_t& count);
  /// A time that is over.
  [[nodiscard]] std::optional<std::string> over() const;

 private:
  using steady = std::chrono::steady_clock;
  const relay_world* world_;
  const route* rule_;
  timestamp closes_;
  std::optional<std::uint64_t> left_;
  steady::time_point began_ = steady::now(), moved_ = began_;
};

/// Carries data until a side closes, a bound is reached, or the gateway stops; why it ended. What a side has said
/// before it closed still reaches the other one. `counts` gets the octets.
[[nodiscard]] std::string pump(leg& system, leg& market, bounds& within, const relay_world& w, relay_report& counts,
                               const std::stop_token& stop);

}  // namespace smgw::cls
