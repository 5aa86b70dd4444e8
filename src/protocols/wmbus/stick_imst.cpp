// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#include "protocols/wmbus/stick_imst.hpp"

#include "base/crc16.hpp"
#include "base/octets.hpp"

#include <algorithm>

namespace smgw::wmbus {
namespace {

constexpr std::uint8_t start_of_frame = 0xA5;
constexpr std::size_t im871a_header = 4;
constexpr std::uint8_t radio_link = 2;
constexpr std::uint8_t frame_indication = 3;
constexpr std::uint8_t has_time = 0x20;
constexpr std::uint8_t has_rssi = 0x40;
constexpr std::uint8_t has_crc = 0x80;

constexpr std::uint8_t slip_end = 0xC0;
constexpr std::uint8_t slip_escape = 0xDB;
constexpr std::uint8_t wmbus_service = 0x09;
constexpr std::uint8_t receive_indication = 0x20;
constexpr std::size_t iu891a_prefix = 2 + 8;  // service, message, time (4), status (3), RSSI

void slip_put(bytes& out, std::uint8_t octet) {
  if (octet == slip_end || octet == slip_escape) {
    out.push_back(slip_escape);
    out.push_back(octet == slip_end ? 0xDC : 0xDD);
  } else {
    out.push_back(octet);
  }
}

// Between two END octets; false for an escape of nothing.
bool slip_take(bytes_view in, bytes& out) {
  for (std::size_t i = 0; i < in.size(); ++i) {
    if (in[i] != slip_escape) {
      out.push_back(in[i]);
    } else if (++i < in.size() && (in[i] == 0xDC || in[i] == 0xDD)) {
      out.push_back(in[i] == 0xDC ? slip_end : slip_escape);
    } else {
      return false;
    }
  }
  return true;
}

}  // namespace

// Set configuration: temporary, link mode given, RSSI attached; CRC of the host protocol follows the flag.
bytes stick_im871a::configure() const {
  constexpr std::uint8_t mode_ct = 0x09;  // C1 and T1 together
  bytes out{0x81, 0x03, 0x06, 0x00, 0x02, mode_ct, 0x20, 0x10, 0x01};
  const auto crc = crc16_x25(out);
  put_le(out, crc);
  out.insert(out.begin(), start_of_frame);
  return out;
}

std::size_t stick_im871a::take(bytes_view in, const frame_sink& sink) {
  if (in[0] != start_of_frame) return 1;
  if (in.size() < im871a_header) return 0;
  const auto flags = in[1];
  const std::size_t length = in[3];
  const std::size_t time = (flags & has_time) != 0 ? 4 : 0;
  const std::size_t rssi = (flags & has_rssi) != 0 ? 1 : 0;
  const std::size_t crc = (flags & has_crc) != 0 ? 2 : 0;
  const std::size_t size = im871a_header + length + time + rssi + crc;
  if ((flags & 0x0FU) == 0 || (flags & 0x0FU) > 4) return 1;
  if (in.size() < size) return 0;
  if (crc != 0 && crc16_x25(in.subspan(1, size - 3)) != load_le<std::uint16_t>(&in[size - 2])) {
    count_damaged();
    return 1;
  }
  if ((flags & 0x0FU) == radio_link && in[2] == frame_indication && length >= link_header) {
    bytes frame{static_cast<std::uint8_t>(length)};
    put(frame, in.subspan(im871a_header, length));
    air_frame f{frame, frame_format::stripped, {}};
    // From the maker's description: dBm = value · 80 / 150 − 100 − 4000 / 150.
    if (rssi != 0) f.rssi_dbm = (in[im871a_header + length + time] * 80 - 15000 - 4000) / 150;
    sink(f);
  }
  return size;
}

bytes stick_iu891a::configure() const {
  constexpr std::uint8_t set_configuration = 0x03;
  constexpr std::uint8_t mode_ct = 0x03;
  bytes message{wmbus_service, set_configuration, mode_ct, 0x02, 0, 0, 0, 0, 0, 0, 0, 0, 0};
  put_le(message, crc16_x25(message));
  bytes out{slip_end};
  for (const auto o : message) slip_put(out, o);
  out.push_back(slip_end);
  return out;
}

std::size_t stick_iu891a::take(bytes_view in, const frame_sink& sink) {
  if (in[0] != slip_end) return 1;
  const auto end = std::find(in.begin() + 1, in.end(), slip_end);
  if (end == in.end()) return 0;
  const auto size = static_cast<std::size_t>(end - in.begin());
  if (size == 1) return 1;  // two END octets in a row: the second starts
  bytes message;
  const bool good =
      slip_take(in.subspan(1, size - 1), message) && message.size() > 4 &&
      crc16_x25(bytes_view{message}.first(message.size() - 2)) == load_le<std::uint16_t>(&message[message.size() - 2]);
  if (!good) {
    count_damaged();
    return size;  // its END may be the start of the next
  }
  message.resize(message.size() - 2);
  if (message[0] == wmbus_service && message[1] == receive_indication && message.size() > iu891a_prefix + link_header) {
    const auto rssi = static_cast<std::int8_t>(message[iu891a_prefix - 1]);
    sink({bytes_view{message}.subspan(iu891a_prefix), frame_format::stripped, rssi});
  }
  return size + 1;
}

}  // namespace smgw::wmbus
