// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "actors/ports/radio_line.hpp"

#include "actors/lmn/line.hpp"
#include "protocols/wmbus/frame.hpp"
#include "protocols/wmbus/transmit.hpp"
#include "radio.hpp"

#include <catch2/catch_test_macros.hpp>

#include <deque>

using namespace smgw;
using namespace std::chrono_literals;

namespace {

/// A receiver whose frames a test puts into it; then it is lost.
struct listed_radio final : ports::radio {
  std::deque<ports::radio_frame> frames;
  expected<std::optional<ports::radio_frame>> receive(std::chrono::milliseconds) override {
    if (frames.empty()) return fail(errc::unavailable, "the receiver was pulled");
    auto next = std::move(frames.front());
    frames.pop_front();
    return next;
  }
};

}  // namespace

TEST_CASE("an OEM's receiver is a line: its frames, with and without CRCs, become values", "[lmn][wmbus][ports]") {
  const auto id = *device_id::parse("8APA0512345678");
  sim::radio_meter sender{.id = sim::radio_identity(id).value(), .key = bytes(16, 7), .mode = sim::radio_mode::mode7};
  const timestamp start{std::chrono::sys_days{std::chrono::year{2026} / 3 / 1}};
  auto radio = std::make_unique<listed_radio>();
  radio->frames.push_back({sender.next_frame(start), ports::radio_format::stripped, -80});
  radio->frames.push_back(
      {wmbus::with_crc(wmbus::frame_format::a, sender.next_frame(start)).value(), ports::radio_format::a, {}});
  radio->frames.push_back({{}, ports::radio_format::b, {}});  // nothing that an air carries
  const auto line = radio_as_line(std::move(radio));

  profile::meter m;
  m.id = id;
  m.port = "air";
  m.medium = status::meter_kind::wireless;
  m.key = profile::meter_key{bytes_view{sender.key}};
  const auto read = lmn::make_line(
      {.id = "air", .protocol = profile::lmn_protocol::wmbus, .receiver = profile::radio_receiver::supplied}, {m});
  REQUIRE(read);
  const lmn::instant now{start, time_point{} + 1h};
  lmn::output opened;
  (*read)->opened(now, opened);
  CHECK(opened.transmit.empty());
  std::size_t telegrams = 0;
  bytes buffer(7);
  for (;;) {
    const auto n = line->read(buffer, 10ms);
    if (!n) {
      CHECK(n.error().code == errc::unavailable);
      break;
    }
    lmn::output out;
    (*read)->feed(bytes_view{buffer}.first(*n), now, out);
    telegrams += out.telegrams.size();
  }
  CHECK(telegrams == 2);
  CHECK(line->write(bytes{1}, 10ms));
}
