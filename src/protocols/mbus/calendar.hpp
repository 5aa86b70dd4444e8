// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

/// \file
/// Dates and times of meters, data types F, G, I and J (EN 13757-3:2018, annex A): local time of the meter.

#include <smgw/types.hpp>

namespace smgw::mbus {

/// A date, a time of day, or both, as the meter wrote it. No zone: a meter sends its own local time.
struct calendar {
  std::uint16_t year = 0;
  std::uint8_t month = 0;
  std::uint8_t day = 0;
  std::uint8_t hour = 0;
  std::uint8_t minute = 0;
  std::uint8_t second = 0;
  bool has_date = false;
  bool has_time = false;
  bool summer_time = false;  ///< the meter says that daylight saving is in force
  bool valid = false;        ///< all parts are of a real calendar; false for "invalid" and for wildcards
  friend bool operator==(const calendar&, const calendar&) = default;
};

/// Reads type G (2 octets), J (3), F (4) or I (6) by length; other lengths are unsupported, and type M is none of
/// these.
[[nodiscard]] expected<calendar> read_calendar(bytes_view octets);
/// Takes the meter's local time as if it were UTC; conflict if it is not valid or has no date.
[[nodiscard]] expected<timestamp> as_utc(const calendar& c);
/// Writes type G (`octets` = 2), F (4) or I (6).
[[nodiscard]] bytes write_calendar(const calendar& c, std::size_t octets);
[[nodiscard]] calendar from_utc(timestamp t);

}  // namespace smgw::mbus
