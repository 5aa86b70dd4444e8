// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "base/crc16.hpp"

#include <array>
#include <cstddef>

namespace smgw {
namespace {

// Eight octets a step: the checksum is a good part of the work on a telegram, and 4 KiB of tables make it cheap. Table
// k holds the remainder of an octet followed by k zero octets.
constexpr std::size_t slices = 8;
using tables = std::array<std::array<std::uint16_t, 256>, slices>;

constexpr tables make_tables() {
  tables t{};
  for (unsigned octet = 0; octet < 256; ++octet) {
    auto crc = octet;
    for (int bit = 0; bit < 8; ++bit) crc = (crc & 1U) != 0 ? (crc >> 1) ^ 0x8408U : crc >> 1;
    t[0][octet] = static_cast<std::uint16_t>(crc);
  }
  for (std::size_t k = 1; k < slices; ++k)
    for (std::size_t octet = 0; octet < 256; ++octet) {
      const unsigned before = t[k - 1][octet];
      t[k][octet] = static_cast<std::uint16_t>((before >> 8) ^ t[0][before & 0xFFU]);
    }
  return t;
}
constexpr tables table = make_tables();

std::uint16_t update(unsigned crc, bytes_view data) noexcept {
  const auto* p = data.data();
  auto left = data.size();
  for (; left >= slices; left -= slices, p += slices)
    crc = static_cast<unsigned>(table[7][p[0] ^ (crc & 0xFFU)] ^ table[6][p[1] ^ (crc >> 8)] ^ table[5][p[2]] ^
                                table[4][p[3]] ^ table[3][p[4]] ^ table[2][p[5]] ^ table[1][p[6]] ^ table[0][p[7]]);
  for (; left != 0; --left, ++p) crc = (crc >> 8) ^ table[0][(crc ^ *p) & 0xFFU];
  return static_cast<std::uint16_t>(crc);
}

}  // namespace

std::uint16_t crc16_x25(bytes_view data) noexcept { return static_cast<std::uint16_t>(~update(0xFFFF, data)); }
std::uint16_t crc16_kermit(bytes_view data) noexcept { return update(0, data); }

}  // namespace smgw
