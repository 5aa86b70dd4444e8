// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

/// \file
/// The tags of the APDUs a meter sends unasked (IEC 62056-5-3; DLMS UA 1000-2, 9.5).

#include <cstddef>
#include <cstdint>

namespace smgw::dlms {

/// Octets of one telegram after the link layer, and of one APDU after block transfer. The longest push seen in the
/// field has about 800; a meter that pushes load profiles stays below this too.
inline constexpr std::size_t max_telegram = 8192;

enum class apdu_tag : std::uint8_t {
  data_notification = 0x0F,
  event_notification = 0xC2,
  glo_event_notification = 0xCA,
  ded_event_notification = 0xD2,
  general_glo_ciphering = 0xDB,
  general_ded_ciphering = 0xDC,
  general_ciphering = 0xDD,
  general_signing = 0xDF,  ///< refused by name: the keys of signatures have no place in a meter's profile
  general_block_transfer = 0xE0,
};

/// Whether an APDU that starts with this octet can be a push.
[[nodiscard]] constexpr bool is_pushed(std::uint8_t octet) noexcept {
  switch (static_cast<apdu_tag>(octet)) {
    case apdu_tag::data_notification:
    case apdu_tag::event_notification:
    case apdu_tag::glo_event_notification:
    case apdu_tag::ded_event_notification:
    case apdu_tag::general_glo_ciphering:
    case apdu_tag::general_ded_ciphering:
    case apdu_tag::general_ciphering:
    case apdu_tag::general_signing:
    case apdu_tag::general_block_transfer: return true;
  }
  return false;
}

}  // namespace smgw::dlms
