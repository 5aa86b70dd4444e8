// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

#include <smgw/types.hpp>

namespace smgw::d0 {

/// Block check character of ISO/IEC 1155 as IEC 62056-21 uses it: the exclusive or of the octets behind STX up to and
/// with ETX, the parity bits left out.
[[nodiscard]] std::uint8_t block_check(bytes_view data) noexcept;
/// Takes even parity off characters of seven bits (IEC 62056-21, 5.1), where a port has left it in. False, and nothing
/// is changed, if it is wrong somewhere.
[[nodiscard]] bool take_parity_off(std::span<std::uint8_t> characters) noexcept;
/// CRC-16/ARC of a P1 telegram, from `/` to `!` (DSMR P1 companion standard 5.0.2, 6.2).
[[nodiscard]] std::uint16_t crc16(bytes_view data) noexcept;

}  // namespace smgw::d0
