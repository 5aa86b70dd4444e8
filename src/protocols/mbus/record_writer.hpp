// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

/// \file
/// Writes M-Bus records: for simulated meters and round trips.

#include "protocols/mbus/record.hpp"

namespace smgw::mbus {

/// Where a record belongs.
struct record_place {
  record_function function = record_function::instantaneous;
  std::uint64_t storage = 0;
  std::uint32_t tariff = 0;
  std::uint32_t subunit = 0;
};
/// Low four bits of the DIF for the codings that are written here.
enum class coding : std::uint8_t {
  none = 0,
  int8 = 1,
  int16 = 2,
  int24 = 3,
  int32 = 4,
  int48 = 6,
  int64 = 7,
  bcd2 = 9,
  bcd4 = 10,
  bcd6 = 11,
  bcd8 = 12,
  variable = 13,
  bcd12 = 14,
};

/// Appends DIF, DIFEs and `vib` (VIF and VIFEs as they go on air).
void put_header(bytes& out, coding c, const record_place& where, bytes_view vib);
/// Appends a whole number in this coding; exhausted if it does not fit (nothing is appended then).
[[nodiscard]] expected<void> put_number(bytes& out, coding c, const record_place& where, bytes_view vib,
                                        std::int64_t value);
/// Appends a text (ISO 8859-1, at most 191 characters).
[[nodiscard]] expected<void> put_text(bytes& out, const record_place& where, bytes_view vib, std::string_view text);
/// Appends a date or time of type G, F or I by `octets` 2, 4 or 6 under VIF 6C or 6D.
void put_calendar(bytes& out, const record_place& where, const calendar& when, std::size_t octets);

}  // namespace smgw::mbus
