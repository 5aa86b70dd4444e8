// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

#include <smgw/types.hpp>

#include <cstdint>

namespace smgw {

/// CRC-16/X-25 (polynomial 8408 reflected, initial FFFF, final FFFF; ISO/IEC 13239, annex A): SML files and messages,
/// the check sequences of HDLC frames, messages of IMST's radio sticks. All put the low octet first on the line.
[[nodiscard]] std::uint16_t crc16_x25(bytes_view data) noexcept;
/// CRC-16/KERMIT (same polynomial, initial 0, final 0): what some Holley meters send in SML instead, high octet first;
/// see `sml::quirks`.
[[nodiscard]] std::uint16_t crc16_kermit(bytes_view data) noexcept;

}  // namespace smgw
