// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

/// \file
/// Who sends: identification number, manufacturer, version and device type (EN 13757-3 and -7).

#include <smgw/types.hpp>

#include <string>

namespace smgw::mbus {

/// The eight octets that identify a meter. `id` holds the four octets as read (BCD, least significant first on air).
struct identity {
  std::uint32_t id = 0;
  std::uint16_t manufacturer = 0;
  std::uint8_t version = 0;
  std::uint8_t type = 0;
  friend auto operator<=>(const identity&, const identity&) = default;
};
/// `00148686`: the eight digits as printed on the meter.
[[nodiscard]] std::string id_text(const identity& who);
/// `APA`: three letters of five bits each (FLAG association).
[[nodiscard]] std::string manufacturer_text(std::uint16_t code);
/// Malformed unless three capital letters.
[[nodiscard]] expected<std::uint16_t> manufacturer_code(std::string_view text);
/// `water`, `gas`, … (EN 13757-7, table 13); `reserved` otherwise.
[[nodiscard]] std::string_view device_type_name(std::uint8_t type) noexcept;
/// Value group A of OBIS for a device type: 1 electricity, 4 heat cost, 5 cooling, 6 heat, 7 gas, 8 cold and 9 warm
/// water; 0 for the rest.
[[nodiscard]] std::uint8_t obis_medium(std::uint8_t type) noexcept;
/// The device id by DIN 43863-5: medium, manufacturer, version as block, number. Malformed if the number is not
/// decimal.
[[nodiscard]] expected<device_id> device_id_of(const identity& who);

}  // namespace smgw::mbus
