// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "protocols/wmbus/stick_port.hpp"

#include "base/octets.hpp"

#include <algorithm>

namespace smgw::wmbus {
namespace {

constexpr std::uint8_t start = 0xF5;
constexpr std::size_t header = 5;
constexpr int unknown_strength = 127;

}  // namespace

bytes encode_port_frame(const air_frame& f) {
  if (f.octets.empty() || f.octets.size() > max_frame_a) return {};
  bytes out{start, static_cast<std::uint8_t>(f.format),
            static_cast<std::uint8_t>(std::clamp(f.rssi_dbm.value_or(unknown_strength), -128, unknown_strength))};
  put_be(out, static_cast<std::uint16_t>(f.octets.size()));
  put(out, f.octets);
  return out;
}

std::size_t stick_port::take(bytes_view in, const frame_sink& sink) {
  if (in[0] != start) return 1;
  if (in.size() < header) return 0;
  const std::size_t length = std::size_t{in[3]} << 8U | in[4];
  if (in[1] > static_cast<std::uint8_t>(frame_format::stripped) || length == 0 || length > max_frame_a) {
    count_damaged();
    return 1;
  }
  if (in.size() < header + length) return 0;
  air_frame f{in.subspan(header, length), static_cast<frame_format>(in[1]), {}};
  if (const int strength = static_cast<std::int8_t>(in[2]); strength != unknown_strength) f.rssi_dbm = strength;
  sink(f);
  return header + length;
}

}  // namespace smgw::wmbus
