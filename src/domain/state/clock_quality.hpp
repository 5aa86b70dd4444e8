// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

#include "domain/state/machine.hpp"

#include <span>

namespace smgw::state {

/// How well the gateway knows the time.
enum class clock_quality : std::uint8_t {
  unknown,       ///< never set since the machine started
  synchronised,  ///< the last answer of the time server is young
  holdover,      ///< it is old, but the bound of the error is below the limit
  invalid,       ///< the bound of the error is beyond the limit
};
[[nodiscard]] std::string_view to_string(clock_quality q) noexcept;

/// Synchronised at least once a day (overview 9).
inline constexpr std::chrono::hours synchronisation_interval{24};
/// Of the smallest registration period (overview 9; detail specification 9.2 uses the same for meters).
inline constexpr unsigned limit_percent = 3;

/// 3 % of the smallest registration period that bills, 27 s for a quarter hour. Without one: of a quarter hour.
[[nodiscard]] std::chrono::milliseconds clock_limit(std::span<const std::chrono::seconds> periods) noexcept;

/// What is known of the clock.
struct clock_facts {
  std::optional<std::chrono::milliseconds> error_bound;  ///< nothing: never set
  std::chrono::milliseconds since_answer{0};             ///< age of the last authentic answer
};
[[nodiscard]] clock_quality judge(const clock_facts& facts, std::chrono::milliseconds limit) noexcept;

/// Values are marked (SMGW_TimeNotValid) in these qualities.
[[nodiscard]] constexpr bool marks_values(clock_quality q) noexcept {
  return q == clock_quality::unknown || q == clock_quality::invalid;
}

/// What a change of quality, or a step of the clock, is for the logs.
enum class clock_event : std::uint8_t { none, became_valid, became_invalid, set_beyond_limit };
[[nodiscard]] clock_event event_of(clock_quality before, clock_quality after, std::chrono::milliseconds set_by,
                                   std::chrono::milliseconds limit) noexcept;

}  // namespace smgw::state
