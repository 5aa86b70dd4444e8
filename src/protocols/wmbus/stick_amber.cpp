// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#include "protocols/wmbus/stick_amber.hpp"

#include "base/octets.hpp"

namespace smgw::wmbus {
namespace {

constexpr std::uint8_t start = 0xFF;
constexpr std::uint8_t received_frame = 0x03;
constexpr std::uint8_t set_mode = 0x04;
constexpr std::uint8_t mode_ct = 0x09;
constexpr std::size_t overhead = 4;

std::uint8_t xor_of(bytes_view octets) {
  std::uint8_t x = 0;
  for (const auto o : octets) x = static_cast<std::uint8_t>(x ^ o);
  return x;
}

// Field strength in two's complement halves of dB, offset 74 dB (data sheet of the radio chip).
int dbm(std::uint8_t value) { return (value >= 128 ? value - 256 : value) / 2 - 74; }

}  // namespace

bytes stick_amber::configure() const {
  bytes out{start, set_mode, 1, mode_ct};
  out.push_back(xor_of(out));
  return out;
}

std::size_t stick_amber::take(bytes_view in, const frame_sink& sink) {
  if (in[0] != start) return 1;
  if (in.size() < 3) return 0;
  const std::size_t length = in[2];
  const std::size_t size = length + overhead;
  if (in.size() < size) return 0;
  if (xor_of(in.first(size - 1)) != in[size - 1]) {
    count_damaged();
    return 1;
  }
  const std::size_t tail = rssi_ ? 1 : 0;
  if (in[1] == received_frame && length >= link_header + tail) {
    bytes frame{static_cast<std::uint8_t>(length - tail)};
    put(frame, in.subspan(3, length - tail));
    air_frame f{frame, frame_format::stripped, {}};
    if (rssi_) f.rssi_dbm = dbm(in[size - 2]);
    sink(f);
  }
  return size;
}

}  // namespace smgw::wmbus
