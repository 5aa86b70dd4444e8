// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "protocols/d0/checksum.hpp"

#include <algorithm>
#include <bit>

namespace smgw::d0 {
namespace {

// Four octets a step, as P1 telegrams come every second and have a thousand octets.
constexpr auto tables = [] {
  std::array<std::array<std::uint16_t, 256>, 4> t{};
  for (unsigned i = 0; i < 256; ++i) {
    unsigned crc = i;
    for (int bit = 0; bit < 8; ++bit) crc = (crc & 1) != 0 ? (crc >> 1) ^ 0xA001 : crc >> 1;
    t[0][i] = static_cast<std::uint16_t>(crc);
  }
  for (unsigned k = 1; k < 4; ++k)
    for (unsigned i = 0; i < 256; ++i)
      t[k][i] = static_cast<std::uint16_t>((t[k - 1][i] >> 8) ^ t[0][t[k - 1][i] & 0xFF]);
  return t;
}();

}  // namespace

std::uint8_t block_check(bytes_view data) noexcept {
  unsigned sum = 0;
  for (const auto octet : data) sum ^= octet;
  return static_cast<std::uint8_t>(sum & 0x7F);
}

bool take_parity_off(std::span<std::uint8_t> characters) noexcept {
  if (!std::ranges::all_of(characters, [](std::uint8_t c) { return std::popcount(c) % 2 == 0; })) return false;
  for (auto& c : characters) c &= 0x7F;
  return true;
}

std::uint16_t crc16(bytes_view data) noexcept {
  unsigned crc = 0;
  const auto* p = data.data();
  auto left = data.size();
  for (; left >= 4; left -= 4, p += 4)
    crc = static_cast<unsigned>(tables[3][(crc ^ p[0]) & 0xFF] ^ tables[2][((crc >> 8) ^ p[1]) & 0xFF] ^
                                tables[1][p[2]] ^ tables[0][p[3]]);
  for (; left > 0; --left, ++p) crc = (crc >> 8) ^ tables[0][(crc ^ *p) & 0xFF];
  return static_cast<std::uint16_t>(crc);
}

}  // namespace smgw::d0
