// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#include "protocols/wmbus/three_of_six.hpp"

#include <array>

namespace smgw::wmbus {
namespace {

// Symbols of 0 to F (EN 13757-4, table 11).
constexpr std::array<std::uint8_t, 16> symbols{0x16, 0x0D, 0x0E, 0x0B, 0x1C, 0x19, 0x1A, 0x13,
                                               0x2C, 0x25, 0x26, 0x23, 0x34, 0x31, 0x32, 0x29};
constexpr std::uint8_t no_nibble = 0xFF;
constexpr auto nibbles = [] {
  std::array<std::uint8_t, 64> t{};
  t.fill(no_nibble);
  for (std::size_t i = 0; i < symbols.size(); ++i) t[symbols[i]] = static_cast<std::uint8_t>(i);
  return t;
}();

}  // namespace

expected<bytes_view> decode_three_of_six(bytes_view chips, std::span<std::uint8_t> out) {
  const std::size_t count = chips.size() * 8 / 12;
  if (count > out.size()) return fail(errc::exhausted, "no room for the octets");
  for (std::size_t i = 0; i < count; ++i) {
    // Two symbols are twelve chips: three octets hold two pairs.
    const std::size_t at = i / 2 * 3 + i % 2;
    const unsigned pair = i % 2 == 0 ? (static_cast<unsigned>(chips[at]) << 4U) | (chips[at + 1] >> 4U)
                                     : ((chips[at] & 15U) << 8U) | chips[at + 1];
    const unsigned high = nibbles[pair >> 6U];
    const unsigned low = nibbles[pair & 63U];
    if (high == no_nibble || low == no_nibble) return fail(errc::malformed, "not a symbol of three out of six");
    out[i] = static_cast<std::uint8_t>((high << 4U) | low);
  }
  return bytes_view{out.first(count)};
}

bytes encode_three_of_six(bytes_view octets) {
  bytes chips;
  unsigned pending = 0;
  unsigned bits = 0;
  const auto push = [&](unsigned symbol) {
    pending = (pending << 6U) | symbol;
    bits += 6;
    for (; bits >= 8; bits -= 8) chips.push_back(static_cast<std::uint8_t>(pending >> (bits - 8)));
    pending &= 0xFFU;
  };
  for (const auto o : octets) {
    push(symbols[o >> 4U]);
    push(symbols[o & 15U]);
  }
  if (bits != 0) chips.push_back(static_cast<std::uint8_t>((pending << (8 - bits)) | (0x55U >> bits)));
  return chips;
}

}  // namespace smgw::wmbus
