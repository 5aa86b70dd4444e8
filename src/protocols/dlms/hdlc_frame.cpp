// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "protocols/dlms/hdlc_frame.hpp"

#include "base/crc16.hpp"
#include "base/octets.hpp"

#include <algorithm>

namespace smgw::dlms {
namespace {

constexpr std::uint8_t flag = 0x7E;
constexpr std::size_t longest_header = 2 + 4 + 4 + 1 + 2;  // format, two addresses, control, HCS

// Length of an address: its last octet has the low bit set; 1, 2 or 4 octets (IEC 62056-46, 6.4.2). 0: none of these.
std::size_t address_length(bytes_view in) noexcept {
  for (std::size_t n = 1; n <= 4 && n <= in.size(); ++n)
    if ((in[n - 1] & 1) != 0) return n == 3 ? 0 : n;
  return 0;
}

std::uint16_t checksum_at(bytes_view in, std::size_t at) noexcept { return load_le<std::uint16_t>(&in[at]); }

}  // namespace

scan scan_hdlc(bytes_view in, hdlc_frame& out) noexcept {
  if (in.empty()) return scan::more(1);
  if (in[0] != flag) {
    const auto next = std::find(in.begin(), in.end(), flag);
    return scan::noise(static_cast<std::size_t>(next - in.begin()));
  }
  if (in.size() < 3) return in.size() == 2 && (in[1] & 0xF0) != 0xA0 ? scan::noise() : scan::more(3);
  if ((in[1] & 0xF0) != 0xA0) return scan::noise();
  const std::size_t length = (static_cast<std::size_t>(in[1] & 7) << 8) | in[2];
  if (length < 7) return scan::noise();
  const auto header = std::min(length, longest_header);
  if (in.size() < 1 + header) return scan::more(1 + header);

  const auto body = in.subspan(1, std::min(length, in.size() - 1));
  const auto to = address_length(body.subspan(2));
  const auto from = to == 0 ? 0 : address_length(body.subspan(2 + to));
  const auto control_at = 2 + to + from;
  if (from == 0 || control_at + 3 > length) return scan::noise();
  const bool has_info = control_at + 3 != length;
  // The HCS tells early that this flag opens nothing, without waiting for a length that may be noise.
  if (has_info &&
      (control_at + 5 > length || crc16_x25(body.first(control_at + 1)) != checksum_at(body, control_at + 1)))
    return scan::broken("HDLC header check sequence is wrong");
  if (in.size() < length + 2) return scan::more(length + 2);
  if (in[length + 1] != flag) return scan::broken("HDLC frame without closing flag");
  if (crc16_x25(body.first(length - 2)) != checksum_at(body, length - 2))
    return scan::broken("HDLC frame check sequence is wrong");

  out.destination = body.subspan(2, to);
  out.source = body.subspan(2 + to, from);
  out.control = body[control_at];
  out.segmented = (in[1] & 8) != 0;
  out.info = has_info ? body.subspan(control_at + 3, length - control_at - 5) : bytes_view{};
  return scan::frame(length + 1);  // the closing flag stays: alone it is noise, before a format octet it opens a frame
}

void put_hdlc(bytes& out, const hdlc_frame& frame) {
  const auto header = 2 + frame.destination.size() + frame.source.size() + 1;
  const auto length = header + (frame.info.empty() ? 0 : 2 + frame.info.size()) + 2;
  out.push_back(flag);
  const auto start = out.size();
  put_be(out, static_cast<std::uint16_t>(0xA000 | (frame.segmented ? 0x0800 : 0) | length));
  put(out, frame.destination);
  put(out, frame.source);
  out.push_back(frame.control);
  if (!frame.info.empty()) {
    put_le(out, crc16_x25(bytes_view{out}.subspan(start)));
    put(out, frame.info);
  }
  put_le(out, crc16_x25(bytes_view{out}.subspan(start)));
  out.push_back(flag);
}

void put_hdlc_segments(bytes& out, bytes_view destination, bytes_view source, bytes_view information,
                       std::size_t max_info) {
  constexpr std::uint8_t unnumbered_information = 0x13;
  do {
    const auto part = information.first(std::min(max_info, information.size()));
    information = information.subspan(part.size());
    put_hdlc(out, {.destination = destination,
                   .source = source,
                   .control = unnumbered_information,
                   .segmented = !information.empty(),
                   .info = part});
  } while (!information.empty());
}

}  // namespace smgw::dlms
