// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "protocols/dlms/mbus_frame.hpp"

#include "base/octets.hpp"

#include <algorithm>
#include <numeric>

namespace smgw::dlms {
namespace {

constexpr std::uint8_t start = 0x68;
constexpr std::uint8_t stop = 0x16;
constexpr std::size_t shortest = 6;  // C, A, CI, STSAP, DTSAP and an octet

std::uint8_t sum(bytes_view data) noexcept {
  return static_cast<std::uint8_t>(std::accumulate(data.begin(), data.end(), 0U));
}

}  // namespace

scan scan_mbus(bytes_view in, mbus_frame& out) noexcept {
  if (in.empty()) return scan::more(1);
  if (in[0] != start) {
    const auto next = std::find(in.begin(), in.end(), start);
    return scan::noise(static_cast<std::size_t>(next - in.begin()));
  }
  if (in.size() < 4) return scan::more(4);
  const std::size_t length = in[1] < shortest ? 256U + in[1] : in[1];
  if (in[2] != in[1] || in[3] != start) return scan::noise();
  if (in.size() < length + 6) return scan::more(length + 6);
  if (in[length + 5] != stop) return scan::broken("M-Bus frame without stop octet");
  const auto body = in.subspan(4, length);
  if (sum(body) != in[length + 4]) return scan::broken("M-Bus checksum is wrong");
  if (body[2] > 0x1F) return scan::broken("M-Bus frame without a DLMS segment");
  out = {.control = body[0],
         .address = body[1],
         .ci = body[2],
         .source = body[3],
         .destination = body[4],
         .info = body.subspan(5)};
  return scan::frame(length + 6);
}

void put_mbus(bytes& out, const mbus_frame& frame) {
  const auto length = static_cast<std::uint8_t>(frame.info.size() + 5);
  for (const auto octet : {start, length, length, start}) out.push_back(octet);
  const auto body = out.size();
  for (const auto octet : {frame.control, frame.address, frame.ci, frame.source, frame.destination})
    out.push_back(octet);
  put(out, frame.info);
  out.push_back(sum(bytes_view{out}.subspan(body)));
  out.push_back(stop);
}

void put_mbus_segments(bytes& out, bytes_view apdu) {
  std::uint8_t number = 0;
  do {
    const auto part = apdu.first(std::min(max_mbus_info, apdu.size()));
    apdu = apdu.subspan(part.size());
    const auto final = static_cast<std::uint8_t>(apdu.empty() ? 0x10 : 0x00);
    put_mbus(out, {.control = 0x53,  // SND-UD, to the broadcast address without answer
                   .address = 0xFF,
                   .ci = static_cast<std::uint8_t>(final | (number++ & 0x0F)),
                   .source = 1,
                   .destination = 0x67,
                   .info = part});
  } while (!apdu.empty());
}

}  // namespace smgw::dlms
