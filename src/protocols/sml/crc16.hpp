// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

#include <smgw/types.hpp>

#include <cstdint>

namespace smgw::sml {

/// CRC-16/X.25 (polynomial 8408 reflected, initial FFFF, final FFFF): SML files and messages, HDLC check sequences.
/// Both put the low octet first on the line.
[[nodiscard]] std::uint16_t crc16_x25(bytes_view data) noexcept;
/// CRC-16/KERMIT (same polynomial, initial 0, final 0): what some Holley meters send instead, high octet first; see
/// `quirks`.
[[nodiscard]] std::uint16_t crc16_kermit(bytes_view data) noexcept;

}  // namespace smgw::sml
