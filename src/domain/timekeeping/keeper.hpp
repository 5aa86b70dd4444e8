// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

/// \file
/// How well the gateway knows the time: set by the first authentic answer, corrected by later ones, kept over an
/// outage as long as the bound of its error allows, and not valid any more after that (overview 9).

#include <smgw/types.hpp>

#include <optional>

namespace smgw::timekeeping {

/// A clock that only counts, whatever anyone sets: milliseconds since the machine's start.
using raw_time = std::chrono::milliseconds;

struct rules {
  std::chrono::milliseconds limit{27'000};  ///< the error beyond which the time is not valid: 3 % of 15 minutes
  /// Of the oscillator, at worst (ours): a cheap crystal over the temperatures of a cellar.
  unsigned drift_ppm = 50;
};

/// What is known since the last synchronisation. Kept across a restart of the process, not of the machine.
struct state {
  timestamp::duration offset{};  ///< legal time = raw time + offset
  raw_time at{};                 ///< when it was found
  std::chrono::milliseconds error{};
  std::uint8_t stratum = 0;  ///< of the server
  std::uint32_t reference_id = 0;
  friend bool operator==(const state&, const state&) = default;
};
/// offset(8), at(8), error(8), stratum(1), reference(4), then the machine's start as a text.
[[nodiscard]] bytes encode(const state& s, std::string_view start);
/// Nothing: none, damaged, or of another start of the machine, whose raw time says nothing about this one's.
[[nodiscard]] std::optional<state> decode(const std::optional<bytes>& stored, std::string_view start);

/// What an answer came to.
enum class verdict : std::uint8_t {
  first_setting,  ///< the time was not known
  corrected,      ///< within the limit
  set,            ///< by more than the limit: for the calibration log
};

class keeper {
 public:
  keeper(rules r, std::optional<state> restored) : rules_(r), state_(restored) {}

  /// The clock was wrong by `by`; `error` bounds what is left.
  verdict take(timestamp own, std::chrono::milliseconds by, std::chrono::milliseconds error, raw_time now,
               std::uint8_t stratum, std::uint32_t reference_id);
  /// Bound of the error now; nothing: the time was never known.
  [[nodiscard]] std::optional<std::chrono::milliseconds> error(raw_time now) const;
  [[nodiscard]] bool valid(raw_time now) const;
  /// When the reserve is over, if nothing comes before.
  [[nodiscard]] std::optional<raw_time> valid_until() const;
  [[nodiscard]] const std::optional<state>& known() const noexcept { return state_; }

 private:
  rules rules_;
  std::optional<state> state_;
};

}  // namespace smgw::timekeeping
