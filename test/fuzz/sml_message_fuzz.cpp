// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

// What decodes is encoded and decoded again and must agree. The CRC is set right first, else nothing gets through.

#include "base/check.hpp"
#include "base/crc16.hpp"
#include "base/octets.hpp"
#include "protocols/sml/list_type.hpp"
#include "protocols/sml/readings.hpp"
#include "protocols/sml/tl.hpp"

using namespace smgw;

namespace {

// Octets of the input, with the CRC of the message at its front replaced by one that fits.
bytes with_crc(bytes_view in) {
  bytes out{in.begin(), in.end()};
  sml::cursor c{in};
  c.list(6);
  for (int i = 0; i < 4; ++i) (void)c.skip();
  if (!c.ok() || c.left() < 4) return out;
  const auto at = static_cast<std::size_t>(c.position() - in.data());
  const auto crc = crc16_x25(in.first(at));
  out[at] = 0x63;
  out[at + 1] = static_cast<std::uint8_t>(crc);
  out[at + 2] = static_cast<std::uint8_t>(crc >> 8);
  out[at + 3] = 0;
  return out;
}

void use(const sml::message& m) {
  const sml::quirks all{true, true, true, true, true, true};
  sml::quirk_counts used;
  std::vector<sml::register_value> registers;
  if (const auto* list = std::get_if<sml::get_list_response>(&m.body)) append_registers(*list, all, used, registers);
  if (const auto* answer = std::get_if<sml::get_proc_parameter_response>(&m.body))
    (void)append_register(*answer, all, used, registers);
  for (const auto& r : registers) {
    if (r.raw.kind == sml::value::type::list) (void)sml::decode_list_type(r.raw.data);
    if (r.number) SMGW_ASSERT(!r.number->text().empty());
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto octets = with_crc({data, size});
  sml::decoder first;
  bytes_view in = octets;
  const auto m = first.next(in);
  if (!m) {
    SMGW_ASSERT(in.size() == octets.size());
    return 0;
  }
  use(*m);
  bytes again;
  sml::put_message(again, *m);
  sml::decoder second;
  bytes_view rest = again;
  const auto back = second.next(rest);
  SMGW_ASSERT(back && rest.empty());
  SMGW_ASSERT(*back == *m);
  bytes thrice;
  sml::put_message(thrice, *back);
  SMGW_ASSERT(thrice == again);
  return 0;
}
