// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "protocols/hdlc/link.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace smgw;
using namespace smgw::hdlc;
using namespace std::chrono_literals;

namespace {

const address gateway{1, 1};
const address meter{1, first_station};

struct sent {
  std::uint8_t control;
  bytes information;
  friend bool operator==(const sent&, const sent&) = default;
};

std::vector<sent> frames(bytes_view transmit) {
  std::vector<sent> all;
  frame_reader reader;
  while (const auto f = reader.next(transmit, {})) {
    CHECK(f->destination == meter);
    CHECK(f->source == gateway);
    all.push_back({f->control, bytes(f->information.begin(), f->information.end())});
  }
  return all;
}

struct bus {
  link primary{gateway, meter};
  time_point now{};
  link::output answer(std::uint8_t control, const bytes& information = {}) {
    return primary.feed({gateway, meter, control, information}, now);
  }
  void up() {
    REQUIRE(primary.connect(now));
    (void)answer(control::ua);
    REQUIRE(primary.current() == link::state::connected);
  }
};

using list = std::vector<sent>;

}  // namespace

TEST_CASE("a link comes up with SNRM and UA, numbers at 0", "[hdlc][REQ.TLSHDLC.SMGW.20]") {
  bus b;
  const auto out = b.primary.connect(b.now);
  REQUIRE(out);
  CHECK(frames(out->transmit) == list{{control::snrm, {}}});
  CHECK(out->wake_at == b.now + link_options{}.response);
  CHECK(b.primary.waiting());
  CHECK(b.primary.connect(b.now).error().code == errc::conflict);
  const auto up = b.answer(control::ua);
  CHECK_FALSE(up.lost);
  CHECK(up.wake_at == b.now);
  CHECK_FALSE(b.primary.waiting());
  CHECK(b.primary.send_number() == 0);
  CHECK(b.primary.receive_number() == 0);
}

TEST_CASE("one unit of information is on the way at a time", "[hdlc][REQ.TLSHDLC.SMGW.20]") {
  bus b;
  b.up();
  CHECK(frames(b.primary.send({1}, b.now)->transmit) == list{{control::information(0, 0), {1}}});
  CHECK(b.primary.send({2}, b.now)->transmit.empty());
  // acknowledged by an answer with information: the next goes out and acknowledges it
  const auto out = b.answer(control::information(0, 1), {9, 9});
  CHECK(out.received == std::vector<bytes>{{9, 9}});
  CHECK(frames(out.transmit) == list{{control::information(1, 1), {2}}});
  CHECK(b.answer(control::rr(2)).transmit.empty());
  CHECK_FALSE(b.primary.waiting());
}

TEST_CASE("a meter is polled, and what it says is acknowledged at once", "[hdlc][REQ.TLSHDLC.SMGW.20]") {
  bus b;
  b.up();
  CHECK(frames(b.primary.tick(b.now).transmit) == list{{control::rr(0), {}}});
  const auto idle = b.answer(control::rr(0));
  CHECK(idle.wake_at == b.now + link_options{}.poll);
  b.now += link_options{}.poll;
  CHECK(frames(b.primary.tick(b.now).transmit) == list{{control::rr(0), {}}});
  for (unsigned i = 0; i < 20; ++i) {  // modulo 8
    const auto out = b.answer(control::information(i, 0), {static_cast<std::uint8_t>(i)});
    CHECK(out.received.size() == 1);
    CHECK(frames(out.transmit) == list{{control::rr(i + 1), {}}});
  }
}

TEST_CASE("several frames may answer one question", "[hdlc]") {
  bus b;
  b.up();
  (void)b.primary.tick(b.now);
  constexpr auto no_final = static_cast<std::uint8_t>(~control::poll_final);
  const auto first = b.answer(control::information(0, 0) & no_final, {1});
  CHECK(first.received.size() == 1);
  CHECK(first.transmit.empty());
  CHECK(b.primary.waiting());
  CHECK(frames(b.answer(control::information(1, 0), {2}).transmit) == list{{control::rr(2), {}}});
}

TEST_CASE("a question without an answer is asked again, then the meter is lost", "[hdlc][REQ.TLSHDLC.SMGW.20]") {
  bus b;
  b.up();
  (void)*b.primary.send({7}, b.now);
  for (unsigned i = 0; i < link_options{}.retries; ++i) {
    CHECK(b.primary.tick(b.now + 1ms).transmit.empty());
    b.now += link_options{}.response;
    CHECK(frames(b.primary.tick(b.now).transmit) == list{{control::information(0, 0), {7}}});
  }
  b.now += link_options{}.response;
  const auto out = b.primary.tick(b.now);
  CHECK(out.lost);
  CHECK(out.transmit.empty());
  CHECK_FALSE(out.wake_at);
  CHECK(b.primary.current() == link::state::disconnected);
  CHECK(b.primary.send({1}, b.now).error().code == errc::conflict);
  CHECK(b.primary.connect(b.now));
}

TEST_CASE("an answer that came twice is given out once", "[hdlc]") {
  bus b;
  b.up();
  (void)b.primary.tick(b.now);
  CHECK(b.answer(control::information(0, 0), {1}).received.size() == 1);
  const auto again = b.answer(control::information(0, 0), {1});
  CHECK(again.received.empty());
  CHECK(frames(again.transmit) == list{{control::rr(1), {}}});
  // a meter that goes on like this is given up
  for (unsigned i = 1; i < link_options{}.retries; ++i) CHECK_FALSE(b.answer(control::information(0, 0), {1}).lost);
  CHECK(b.answer(control::information(0, 0), {1}).lost);
}

TEST_CASE("a busy meter is not sent to, but asked", "[hdlc]") {
  bus b;
  b.up();
  (void)b.primary.tick(b.now);
  (void)b.answer(control::rnr(0));
  CHECK(frames(b.primary.send({1}, b.now)->transmit) == list{{control::rr(0), {}}});
  CHECK(frames(b.answer(control::rr(0)).transmit) == list{{control::information(0, 0), {1}}});
}

TEST_CASE("an acknowledgement that cannot be takes the link down", "[hdlc]") {
  bus b;
  b.up();
  (void)b.primary.tick(b.now);
  CHECK(b.answer(control::rr(3)).lost);
}

TEST_CASE("a meter may drop the link, and the gateway may", "[hdlc][REQ.TLSHDLC.SMGW.20]") {
  bus b;
  b.up();
  SECTION("DM") { CHECK(b.answer(control::dm).lost); }
  SECTION("FRMR") { CHECK(b.answer(control::frmr).lost); }
  SECTION("refused at once") {
    bus c;
    (void)*c.primary.connect(c.now);
    CHECK(c.answer(control::dm).lost);
  }
  SECTION("DISC") {
    CHECK(frames(b.primary.disconnect(b.now)->transmit) == list{{control::disc, {}}});
    CHECK_FALSE(b.answer(control::ua).lost);
    CHECK(b.primary.disconnect(b.now).error().code == errc::conflict);
  }
  CHECK_FALSE(b.primary.waiting());
}

TEST_CASE("datagrams go without a link", "[hdlc][REQ.TLSHDLC.SMGW.20]") {
  bus b;
  CHECK(frames(b.primary.send_datagram(bytes{5}, b.now)->transmit) == list{{0x03, {5}}});
  CHECK(b.answer(control::ui, {6}).datagrams == std::vector<bytes>{{6}});
  CHECK(b.primary.send_datagram(bytes(2035), b.now).error().code == errc::exhausted);
}

TEST_CASE("frames of others are ignored, and words nobody asked for", "[hdlc]") {
  bus b;
  b.up();
  CHECK(b.answer(control::information(0, 0), {1}).received.empty());
  (void)b.primary.tick(b.now);
  const bytes information{1};
  CHECK(b.primary.feed({gateway, {1, 5}, control::information(0, 0), information}, b.now).received.empty());
  CHECK(b.primary.feed({{1, 9}, meter, control::information(0, 0), information}, b.now).received.empty());
  CHECK(b.answer(0x19).transmit.empty());  // REJ
  CHECK(b.primary.waiting());
}

TEST_CASE("what waits for a meter is bounded", "[hdlc]") {
  bus b;
  b.up();
  for (std::size_t i = 0; i < link_options{}.max_queued; ++i) CHECK(b.primary.send({1}, b.now));
  CHECK(b.primary.send({1}, b.now).error().code == errc::exhausted);
  CHECK(b.primary.send({}, b.now).error().code == errc::malformed);
  CHECK(b.primary.send(bytes(2035), b.now).error().code == errc::exhausted);
}
