// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#include "protocols/mbus/master.hpp"

#include "base/hex.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace smgw;
using namespace smgw::mbus;

namespace {
const time_point start{};
bytes telegram(std::string_view records, std::uint8_t address = 5) {
  auto data = from_hex("785634122423010701000000").value();
  const auto more = from_hex(records).value();
  data.insert(data.end(), more.begin(), more.end());
  return long_frame(0x08, address, 0x72, data);
}
const bytes ack{acknowledge_octet};
}  // namespace

TEST_CASE("a readout: reset, request, answer", "[mbus]") {
  master m{5};
  auto out = m.start(start);
  CHECK(to_hex(out.transmit) == "1040054516");
  CHECK(out.wake_at == start + master_timeout);
  out = m.feed(ack, start).value();
  CHECK(to_hex(out.transmit) == "107b058016");
  const auto answer = telegram("0413010000000f");
  // In pieces, after noise.
  out = m.feed(from_hex("00ff68").value(), start).value();
  CHECK(out.received.empty());
  for (std::size_t i = 0; i + 1 < answer.size(); ++i)
    CHECK(m.feed(bytes_view{answer}.subspan(i, 1), start).value().received.empty());
  out = m.feed(bytes_view{answer}.last(1), start).value();
  CHECK(out.done);
  REQUIRE(out.received.size() == 1);
  CHECK(out.received[0] == answer);
  CHECK_FALSE(out.wake_at.has_value());
}

TEST_CASE("more telegrams follow: the frame count bit toggles", "[mbus]") {
  master m{5};
  (void)m.start(start);
  (void)m.feed(ack, start);
  auto out = m.feed(telegram("0413010000001f"), start).value();
  CHECK_FALSE(out.done);
  CHECK(to_hex(out.transmit) == "105b056016");
  out = m.feed(telegram("0413020000000f"), start).value();
  CHECK(out.done);
}

TEST_CASE("a readout without end is given up", "[mbus]") {
  master m{5};
  (void)m.start(start);
  (void)m.feed(ack, start);
  errc code = errc::internal;
  for (unsigned i = 0; i < max_telegrams + 1 && code == errc::internal; ++i)
    if (auto out = m.feed(telegram("1f"), start); !out) code = out.error().code;
  CHECK(code == errc::exhausted);
}

TEST_CASE("a silent slave is asked three times", "[mbus]") {
  master m{5};
  auto out = m.start(start);
  auto now = start;
  for (unsigned i = 1; i < master_tries; ++i) {
    CHECK(m.tick(now).value().transmit.empty());
    now = out.wake_at.value();
    out = m.tick(now).value();
    CHECK(to_hex(out.transmit) == "1040054516");
  }
  CHECK(m.tick(out.wake_at.value()).error().code == errc::unavailable);
  CHECK_FALSE(m.tick(now).value().wake_at.has_value());
}

TEST_CASE("another slave's answer is passed over", "[mbus]") {
  master m{5};
  (void)m.start(start);
  (void)m.feed(ack, start);
  CHECK(m.feed(telegram("0413010000000f", 6), start).value().received.empty());
  CHECK(m.feed(telegram("0413010000000f", 5), start).value().done);
}
