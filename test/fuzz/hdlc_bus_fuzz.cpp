// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#include "base/check.hpp"
#include "protocols/hdlc/bus.hpp"
#include "protocols/hdlc/station.hpp"

using namespace smgw;

// Hostile octets on a bus with one honest participant: whatever they do, what both sides say are whole frames, and the
// bus always knows when it wants to be called again.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  hdlc::bus bus;
  hdlc::station meter(*device_id::parse("1SMG0000000001"));
  auto now = time_point{} + std::chrono::hours{1};
  bytes line = bus.start(now).transmit;
  for (std::size_t at = 0; at < size;) {
    const std::size_t n = std::min<std::size_t>(data[at] % 64U, size - at - 1);
    now += std::chrono::milliseconds{1U << (data[at] / 64U * 3U)};
    bytes answer = meter.feed(line, now).transmit;
    const auto more = meter.tick(now).transmit;
    answer.insert(answer.end(), more.begin(), more.end());
    answer.insert(answer.end(), data + at + 1, data + at + 1 + n);
    auto out = bus.feed(answer, now);
    SMGW_ASSERT(out.wake_at && *out.wake_at >= now);
    line = std::move(out.transmit);
    auto later = bus.tick(now);
    SMGW_ASSERT(later.wake_at);
    line.insert(line.end(), later.transmit.begin(), later.transmit.end());
    at += n + 1;
  }
  return 0;
}
