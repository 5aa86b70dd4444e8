// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

#include "domain/calendar/legal_time.hpp"

#include <bitset>
#include <optional>
#include <vector>

/// Windows of the week, in legal time: when something is allowed.
namespace smgw::schedule {

/// On these days, from one time of day to another. An end that is not later than the beginning is one of the next day:
/// 22:00 to 06:00, or 00:00 to 00:00 for the whole day.
struct window {
  std::bitset<7> days{};  ///< on which it begins; Monday first
  std::chrono::seconds from{0}, to{0};
  friend bool operator==(const window&, const window&) = default;
};

/// Without windows it is always open.
struct weekly {
  std::vector<window> windows{};
  friend bool operator==(const weekly&, const weekly&) = default;
};

/// Until when it is open, if it is open at `t`: windows that follow each other without a gap are one.
/// timestamp::max(): it does not close.
[[nodiscard]] std::optional<timestamp> open_until(const weekly& w, timestamp t, const calendar::legal_time& zone);
/// When it opens next, after `t`; timestamp::max(): never again, or it is always open.
[[nodiscard]] timestamp next_opening(const weekly& w, timestamp t, const calendar::legal_time& zone);

}  // namespace smgw::schedule
