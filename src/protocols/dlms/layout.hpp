// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

/// \file
/// What a make of meter leaves to its data sheet: names of values that come by position, scalers and units of values
/// that come without. Data, not code: a meter profile picks one, and everything works without.

#include "protocols/dlms/records.hpp"

namespace smgw::dlms {

/// A value by its position in the list.
struct placed_value {
  std::uint16_t position = 0;
  obis name;
  std::int8_t scaler = 0;
  unit measured = unit::none;
};
/// Scaler and unit of values that are named: those whose groups C and D match (D 255: any).
struct scaled_group {
  std::uint8_t c_from = 0;
  std::uint8_t c_to = 0;
  std::uint8_t d = 255;
  std::int8_t scaler = 0;
  unit measured = unit::none;
};

struct layout {
  std::string_view name;        ///< as profiles call it
  std::uint16_t positions = 0;  ///< members of the outermost container; 0: any number
  std::span<const placed_value> placed;
  std::span<const scaled_group> scaled;
};

/// The layouts known here; see layout.cpp for their sources.
[[nodiscard]] std::span<const layout> known_layouts() noexcept;
/// The layout of that name for a body with that many members; null if there is none.
[[nodiscard]] const layout* find_layout(std::string_view name, std::size_t positions) noexcept;
/// The number of members of the outermost container (1 for a lone value).
[[nodiscard]] std::size_t positions_of(bytes_view body) noexcept;

/// Adds to a record what the layout knows and the telegram does not say. What the telegram says stays.
void complete(record& r, const layout& from) noexcept;

}  // namespace smgw::dlms
