// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "protocols/d0/encode.hpp"

#include "base/octets.hpp"
#include "protocols/d0/checksum.hpp"

#include <cstdio>

namespace smgw::d0 {
namespace {

void put_lines(bytes& out, const readout_to_send& r) {
  for (const auto& line : r.lines) {
    put(out, line.code);
    for (const auto& v : line.values) {
      put(out, "(");
      put(out, v);
      put(out, ")");
    }
    put(out, "\r\n");
  }
  put(out, "!");
}

}  // namespace

bytes encode_identification(const readout_to_send& r) {
  bytes out;
  put(out, "/" + r.manufacturer + r.baud + r.identification + "\r\n");
  return out;
}

bytes encode_block(const readout_to_send& r) {
  bytes out{0x02};
  put_lines(out, r);
  put(out, "\r\n");
  out.push_back(0x03);
  out.push_back(block_check(bytes_view{out}.subspan(1)));
  return out;
}

bytes encode_push(const readout_to_send& r) {
  auto out = encode_identification(r);
  put(out, "\r\n");
  put(out, encode_block(r));
  return out;
}

bytes encode_p1(const readout_to_send& r) {
  auto out = encode_identification(r);
  put(out, "\r\n");
  put_lines(out, r);
  std::array<char, 8> crc{};
  std::snprintf(crc.data(), crc.size(), "%04X\r\n", static_cast<unsigned>(crc16(out)));
  put(out, std::string_view{crc.data()});
  return out;
}

std::string encode_value(const decimal& number, std::string_view unit_text) {
  auto out = number.text();
  if (!unit_text.empty()) out.append("*").append(unit_text);
  return out;
}

}  // namespace smgw::d0
