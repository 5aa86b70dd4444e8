// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

/// \file
/// Breaks a world everywhere: one fault at each step of a scenario, and after each run the books must balance.

#include <smgw/testkit/world.hpp>

#include <optional>

namespace smgw::testkit {

struct fault {
  enum class kind : std::uint8_t { crash, kill, market_away, market_failing, market_silent, babble } what = kind::crash;
  std::string whom;      ///< of `kill`: the role
  std::size_t step = 0;  ///< before which step of the scenario
  /// `kill outbox @ 17`: what `parse` reads.
  [[nodiscard]] SMGW_API std::string text() const;
  [[nodiscard]] SMGW_API static expected<fault> parse(std::string_view text);
};

struct exploration {
  /// Adds meters and evaluations, starts the world and lets it live. The same each time: what is random has a seed.
  std::function<void(world&)> scenario;
  /// How long the world lives on after the scenario, whole again, before it is checked.
  std::chrono::milliseconds settle = std::chrono::hours{3};
  std::size_t max_runs = 200;  ///< of all faults at all steps, so many; `seed` chooses
  std::uint64_t seed = 1;
  std::optional<fault> only;                      ///< plays one run again
  std::function<void(const fault&)> before_each;  ///< for progress
};

struct broken_run {
  fault by;
  std::vector<std::string> findings;
};
struct explored {
  std::size_t steps = 0;               ///< of the scenario
  std::size_t possible = 0, runs = 0;  ///< faults at steps; how many of them were tried
  std::vector<std::string> unharmed;   ///< what is wrong without any fault; then nothing else was tried
  std::vector<broken_run> broken;
};

/// Runs the scenario without a fault, then with one fault at a time.
[[nodiscard]] SMGW_API explored explore(const exploration& what);

}  // namespace smgw::testkit
