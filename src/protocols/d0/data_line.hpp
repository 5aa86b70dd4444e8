// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

/// \file
/// One line of a readout: `1-0:1.8.0*255(0008048.375*kWh)(1703100930)` (IEC 62056-21, 6.3.2).

#include <smgw/types.hpp>

#include <optional>

namespace smgw::d0 {

/// One value in parentheses.
struct value {
  std::string_view raw;   ///< all between the parentheses
  std::string_view text;  ///< the value without the unit
  std::string_view unit;  ///< behind the asterisk, as sent; empty without one
};

/// A data set: an address and its values, as views into the readout.
struct data_line {
  std::string_view code;    ///< as sent: `1-0:1.8.0*255`, `1.8.0`, `F.F`
  std::string_view values;  ///< all from the first parenthesis to the last

  /// Takes the next value off the front of `values`; nothing at the end.
  [[nodiscard]] std::optional<value> next() noexcept;
};

/// The text message of a P1 telegram has up to 1024 characters in hexadecimal (DSMR P1 5.0.2).
inline constexpr std::size_t max_line = 2200;

/// malformed: parentheses that do not match, something between or behind them.
/// The address may be missing (a line of further values of the one before, as DSMR 3 sends for gas).
[[nodiscard]] expected<data_line> read_data_line(std::string_view line);

/// The name of an address. Reduced ones (IEC 62056-61) get what they leave out: medium and channel 1-0, E and F 255;
/// the letters C, F, L and P are the groups 96 to 99. Nothing if it is no such address.
[[nodiscard]] std::optional<obis> name_of(std::string_view code) noexcept;

struct quantity {
  decimal number;
  unit measured = unit::none;
};
/// The exact number of a value, its unit without prefix: `0008048.375*kWh` is 8048375 · 10^0 Wh. Nothing if the text is
/// no number or has more than 18 digits that count. A unit that is not known leaves unit::none and the number as sent.
[[nodiscard]] std::optional<quantity> quantity_of(const value& v) noexcept;

}  // namespace smgw::d0
