// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

#include "base/octets.hpp"

namespace smgw::dlms {

/// Takes an A-XDR length (IEC 61334-6: as in BER, definite form) off the front of `in`: at most four octets of length.
/// False if it is cut off or longer; `in` is then in no defined place.
[[nodiscard]] inline bool take_length(bytes_view& in, std::size_t& out) noexcept {
  if (in.empty()) return false;
  const std::size_t first = in[0];
  in = in.subspan(1);
  if (first < 0x80) {
    out = first;
    return true;
  }
  const auto n = first & 0x7F;
  if (n == 0 || n > 4 || in.size() < n) return false;
  out = 0;
  for (std::size_t i = 0; i < n; ++i) out = (out << 8) | in[i];
  in = in.subspan(n);
  return true;
}

inline void put_length(bytes& out, std::size_t length) {
  if (length < 0x80) {
    out.push_back(static_cast<std::uint8_t>(length));
  } else if (length < 0x100) {
    out.push_back(0x81);
    out.push_back(static_cast<std::uint8_t>(length));
  } else if (length < 0x10000) {
    out.push_back(0x82);
    put_be(out, static_cast<std::uint16_t>(length));
  } else {
    out.push_back(0x84);
    put_be(out, static_cast<std::uint32_t>(length));
  }
}

}  // namespace smgw::dlms
