// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "protocols/dlms/fcs.hpp"

namespace smgw::dlms {
namespace {

// Eight octets a step: the checksum is a good part of the work on a telegram, and 4 KiB of tables make it cheap.
constexpr auto tables = [] {
  std::array<std::array<std::uint16_t, 256>, 8> t{};
  for (unsigned i = 0; i < 256; ++i) {
    unsigned crc = i;
    for (int bit = 0; bit < 8; ++bit) crc = (crc & 1) != 0 ? (crc >> 1) ^ 0x8408 : crc >> 1;
    t[0][i] = static_cast<std::uint16_t>(crc);
  }
  for (unsigned k = 1; k < 8; ++k)
    for (unsigned i = 0; i < 256; ++i)
      t[k][i] = static_cast<std::uint16_t>((t[k - 1][i] >> 8) ^ t[0][t[k - 1][i] & 0xFF]);
  return t;
}();

}  // namespace

std::uint16_t fcs16(bytes_view data) noexcept {
  unsigned crc = 0xFFFF;
  const auto* p = data.data();
  auto left = data.size();
  for (; left >= 8; left -= 8, p += 8)
    crc =
        static_cast<unsigned>(tables[7][(crc ^ p[0]) & 0xFF] ^ tables[6][((crc >> 8) ^ p[1]) & 0xFF] ^ tables[5][p[2]] ^
                              tables[4][p[3]] ^ tables[3][p[4]] ^ tables[2][p[5]] ^ tables[1][p[6]] ^ tables[0][p[7]]);
  for (; left > 0; --left, ++p) crc = (crc >> 8) ^ tables[0][(crc ^ *p) & 0xFF];
  return static_cast<std::uint16_t>(crc ^ 0xFFFF);
}

}  // namespace smgw::dlms
