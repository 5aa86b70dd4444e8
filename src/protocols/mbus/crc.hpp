// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

#include <smgw/types.hpp>

#include <array>

namespace smgw::mbus {

namespace detail {
consteval std::array<std::uint16_t, 256> crc_table() {
  std::array<std::uint16_t, 256> t{};
  for (unsigned i = 0; i < 256; ++i) {
    unsigned r = i << 8U;
    for (int bit = 0; bit < 8; ++bit) r = ((r << 1U) ^ ((r & 0x8000U) != 0 ? 0x3D65U : 0U)) & 0xFFFFU;
    t[i] = static_cast<std::uint16_t>(r);
  }
  return t;
}
inline constexpr auto crc_lookup = crc_table();
}  // namespace detail

/// CRC-16/EN-13757: polynomial 3D65, start 0, result inverted (EN 13757-4, 12.5.2). In pieces: `finish` once at the
/// end.
class crc16 {
 public:
  constexpr void add(std::uint8_t octet) noexcept {
    state_ = static_cast<std::uint16_t>((state_ << 8U) ^ detail::crc_lookup[((state_ >> 8U) ^ octet) & 0xFFU]);
  }
  constexpr void add(bytes_view octets) noexcept {
    for (const auto o : octets) add(o);
  }
  [[nodiscard]] constexpr std::uint16_t finish() const noexcept { return static_cast<std::uint16_t>(~state_); }

 private:
  std::uint16_t state_ = 0;
};
[[nodiscard]] constexpr std::uint16_t crc_of(bytes_view octets) noexcept {
  crc16 c;
  c.add(octets);
  return c.finish();
}

}  // namespace smgw::mbus
