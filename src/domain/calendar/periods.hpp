// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

#include "domain/calendar/legal_time.hpp"

namespace smgw::calendar {

/// A length of time by the calendar or by the clock. Exactly one member is set.
struct span {
  unsigned months = 0;              ///< billing periods: n months (TR-03109-1, TAF 1: at least one)
  unsigned days = 0;                ///< local days
  std::chrono::seconds seconds{0};  ///< demonstrations; aligned to the UTC clock
  [[nodiscard]] bool valid() const noexcept;
  friend bool operator==(const span&, const span&) = default;
};

/// The boundaries that cut time into periods of one span.
/// Months and days begin at local midnight; months count from the anchor's day of the month (the last day of the month
/// where that day does not exist); seconds count from 1970.
class periods {
 public:
  periods(span length, timestamp anchor, legal_time zone);
  /// The first boundary after `t`.
  [[nodiscard]] timestamp next(timestamp t) const;
  /// The last boundary at or before `t`.
  [[nodiscard]] timestamp current(timestamp t) const;
  [[nodiscard]] const legal_time& zone() const noexcept { return zone_; }

 private:
  [[nodiscard]] std::int64_t index(timestamp t) const;
  [[nodiscard]] timestamp boundary(std::int64_t k) const;
  span length_;
  std::chrono::year_month_day anchor_;
  legal_time zone_;
};

}  // namespace smgw::calendar
