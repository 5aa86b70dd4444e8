// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#include "base/check.hpp"
#include "protocols/wmbus/readings.hpp"
#include "protocols/wmbus/three_of_six.hpp"
#include "protocols/wmbus/transmit.hpp"

using namespace smgw;

namespace {
// The first octet chooses frame format and policy; the rest is one or two frames.
void run(bytes_view in) {
  if (in.empty()) return;
  const auto choice = in[0];
  in = in.subspan(1);
  std::array<std::uint8_t, wmbus::max_frame> buffer;
  const auto format = static_cast<wmbus::frame_format>(choice % 3);
  static wmbus::receiver radio;
  wmbus::meter_state meter;
  if ((choice & 4U) != 0) meter.key = wmbus::meter_cipher::make(secret{16}).value();
  meter.policy.authenticated_only = (choice & 8U) != 0;
  meter.policy.accept_decrypted = (choice & 16U) != 0;
  std::vector<wmbus::wireless_reading> readings;
  while (!in.empty()) {
    const auto frame = wmbus::strip(format, in, buffer);
    if (!frame) break;
    const auto on_air = wmbus::with_crc(format, *frame);
    SMGW_ASSERT(on_air && std::equal(on_air->begin(), on_air->end(), in.begin()));
    (void)radio.peek(*frame);
    const auto t = radio.open(*frame, meter, nullptr, {});
    if (t.result == wmbus::verdict::accepted) (void)wmbus::read_values(t, {}, readings);
    in = in.subspan(on_air->size());
  }
}
}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const bytes_view in{data, size};
  run(in);
  bytes octets(size);
  if (const auto decoded = wmbus::decode_three_of_six(in, octets)) {
    const bytes copy(decoded->begin(), decoded->end());
    const auto chips = wmbus::encode_three_of_six(copy);
    SMGW_ASSERT(size * 8 / 12 == copy.size());
    SMGW_ASSERT(copy.empty() || std::equal(chips.begin(), chips.end() - 1, in.begin()));
  }
  return 0;
}
