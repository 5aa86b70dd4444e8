// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#include "protocols/wmbus/stick.hpp"

#include "base/octets.hpp"

namespace smgw::wmbus {

void stick::feed(bytes_view in, const frame_sink& sink) {
  put(pending_, in);
  bytes_view left = pending_;
  while (!left.empty()) {
    auto n = take(left, sink);
    if (n == 0) {
      if (left.size() <= max_stick_message) break;
      n = 1;
      count_damaged();
    }
    left = left.subspan(n);
  }
  pending_.erase(pending_.begin(), pending_.end() - static_cast<std::ptrdiff_t>(left.size()));
}

std::uint16_t crc_x25(bytes_view octets) noexcept {
  unsigned crc = 0xFFFF;
  for (const auto o : octets) {
    crc ^= o;
    for (int bit = 0; bit < 8; ++bit) crc = (crc >> 1U) ^ ((crc & 1U) != 0 ? 0x8408U : 0U);
  }
  return static_cast<std::uint16_t>(~crc);
}

}  // namespace smgw::wmbus
