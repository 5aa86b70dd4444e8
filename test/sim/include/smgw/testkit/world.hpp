// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

/// \file
/// A whole gateway in virtual time: the real tree, store, keys, TLS and CMS; only lines and clock are the world's. A
/// month takes seconds, and the same calls give the same world. One thread.

#include <smgw/types.hpp>

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace smgw::testkit {

/// What a market participant does to a gateway.
enum class market_mood : std::uint8_t {
  well,     ///< takes, verifies and acknowledges
  away,     ///< refuses connections
  failing,  ///< answers 500
  silent,   ///< takes a request and says nothing
};

class SMGW_API world {
 public:
  world();
  world(const world&) = delete;
  world& operator=(const world&) = delete;
  ~world();

  /// Before `start`: a household's SML meter on a port of its own, and evaluations of it.
  void add_meter(const std::string& id, std::chrono::seconds period = std::chrono::minutes{15});
  void add_evaluation(unsigned taf, const std::string& meter);
  void start();

  /// Time passes in steps of `interval`; in each, every meter sends a telegram.
  void live(std::chrono::milliseconds span, std::chrono::milliseconds interval = std::chrono::minutes{5});
  void set_market(market_mood mood);
  /// All actors end at once; only the store remains. Then the gateway starts again.
  void crash();
  /// The actor with this role ends, as by a fault of ours; its supervisor decides.
  void kill(const std::string& role);
  /// Noise on the lines of all meters.
  void babble(std::size_t octets);
  /// The market participant acknowledges its next delivery and forgets it: no fault of the gateway, but one that
  /// `check` must find.
  void lose_next_delivery();

  /// Everyone who can be killed.
  [[nodiscard]] std::vector<std::string> roles() const;
  /// Steps of `live` so far.
  [[nodiscard]] std::size_t steps() const noexcept;
  [[nodiscard]] timestamp now() const;

  /// What is wrong with what the gateway has done so far, a line each: holes in a list's grid, values that were
  /// altered, delivered twice or not at all, messages that do not verify, logs that do not. For a world that has come
  /// to rest.
  [[nodiscard]] std::vector<std::string> check();
  /// Calls `before` before each step of `live`; for whoever injects faults.
  void on_step(std::function<void(std::size_t)> before);

 private:
  struct impl;
  std::unique_ptr<impl> impl_;
};

}  // namespace smgw::testkit
