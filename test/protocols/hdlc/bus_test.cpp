// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "protocols/hdlc/bus.hpp"

#include "base/octets.hpp"
#include "protocols/hdlc/station.hpp"

#include <catch2/catch_test_macros.hpp>

#include <algorithm>
#include <memory>

using namespace smgw;
using namespace smgw::hdlc;
using namespace std::chrono_literals;

namespace {

device_id id_of(unsigned n) {
  const auto digits = std::to_string(10'000'000 + n).substr(1);
  return *device_id::parse("1SMG000" + digits);
}

/// A bus in steps of a millisecond. Whoever speaks is heard by all; two who speak in one step spoil each other.
struct world {
  hdlc::bus bus;
  std::vector<std::unique_ptr<station>> stations;
  std::vector<bool> powered;
  time_point now = time_point{} + 1h;
  std::optional<time_point> wake;
  bytes from_gateway;
  std::vector<std::pair<device_id, bus::news>> events;
  std::vector<std::pair<device_id, bytes>> received;
  unsigned collisions = 0;
  bool echo = false;

  explicit world(unsigned n) {
    for (unsigned i = 0; i < n; ++i) stations.push_back(std::make_unique<station>(id_of(i)));
    powered.assign(n, true);
    absorb(bus.start(now));
  }
  void absorb(bus::output out) {
    put(from_gateway, out.transmit);
    std::ranges::move(out.events, std::back_inserter(events));
    std::ranges::move(out.received, std::back_inserter(received));
    wake = out.wake_at;
  }
  void step() {
    now += 1ms;
    const auto said = std::exchange(from_gateway, {});
    bytes answers;
    unsigned speakers = 0;
    for (std::size_t i = 0; i < stations.size(); ++i) {
      if (!powered[i]) continue;
      auto out = said.empty() ? stations[i]->tick(now) : stations[i]->feed(said, now);
      if (!said.empty()) {
        const auto more = stations[i]->tick(now);
        put(out.transmit, more.transmit);
      }
      if (echo)
        for (auto& r : out.received) stations[i]->send(std::move(r));
      if (out.transmit.empty()) continue;
      ++speakers;
      put(answers, out.transmit);
    }
    if (speakers > 1) {
      ++collisions;
      for (auto& octet : answers) octet ^= 0x55U;
    }
    if (!answers.empty()) absorb(bus.feed(answers, now));
    if (wake && now >= *wake) absorb(bus.tick(now));
  }
  void pass(std::chrono::milliseconds span) {
    for (auto until = now + span; now < until;) step();
  }
};

}  // namespace

TEST_CASE("64 participants are found, get addresses of their own and links",
          "[hdlc][REQ.TLSHDLC.SMGW.10][REQ.TLSHDLC.SMGW.30]") {
  world w(64);
  w.pass(60s);
  CHECK(w.bus.participants().size() == 64);
  CHECK(w.collisions > 0);  // or the slots were not put to the test
  std::vector<std::uint8_t> addresses;
  for (const auto& s : w.stations) {
    CHECK(s->connected());
    addresses.push_back(s->address_now());
  }
  std::ranges::sort(addresses);
  CHECK(std::ranges::adjacent_find(addresses) == addresses.end());
  CHECK(addresses.front() >= first_station);
  CHECK(addresses.back() <= last_station);
  CHECK(w.bus.counted().lost == 0);
}

TEST_CASE("information goes both ways, in order, past its neighbours", "[hdlc][REQ.TLSHDLC.SMGW.20]") {
  world w(5);
  w.echo = true;
  w.pass(5s);
  REQUIRE(w.bus.participants().size() == 5);
  for (std::uint8_t n = 0; n < 10; ++n)
    for (unsigned i = 0; i < 5; ++i) {
      auto out = w.bus.send(id_of(i), bytes(100 + n, n), w.now);
      REQUIRE(out);
      w.absorb(std::move(*out));
    }
  w.pass(20s);
  for (unsigned i = 0; i < 5; ++i) {
    std::vector<bytes> mine;
    for (const auto& [who, data] : w.received)
      if (who == id_of(i)) mine.push_back(data);
    REQUIRE(mine.size() == 10);
    for (std::uint8_t n = 0; n < 10; ++n) CHECK(mine[n] == bytes(100 + n, n));
  }
  CHECK_FALSE(w.bus.send(id_of(9), {1}, w.now));
  CHECK_FALSE(w.bus.send(id_of(1), bytes(max_information + 1), w.now));
}

TEST_CASE("a silent participant is noticed, and found again after its power came back", "[hdlc][REQ.TLSHDLC.SMGW.30]") {
  world w(3);
  w.pass(5s);
  REQUIRE(w.bus.participants().size() == 3);
  w.powered[1] = false;
  w.stations[1]->reset();
  w.pass(5s);
  CHECK(w.bus.participants().size() == 2);
  CHECK(w.events.back() == std::pair{id_of(1), bus::news::lost});
  w.powered[1] = true;
  w.pass(40s);
  CHECK(w.bus.participants().size() == 3);
  CHECK(w.events.back() == std::pair{id_of(1), bus::news::joined});
}

TEST_CASE("a gateway that starts anew gathers all participants again", "[hdlc][REQ.TLSHDLC.SMGW.30]") {
  world w(10);
  w.pass(20s);
  REQUIRE(w.bus.participants().size() == 10);
  w.absorb(w.bus.start(w.now));
  CHECK(w.bus.participants().empty());
  w.pass(20s);
  CHECK(w.bus.participants().size() == 10);
}

TEST_CASE("messages of address assignment: round trip, and what is refused", "[hdlc]") {
  using namespace assignment;
  namespace a = assignment;
  CHECK(std::get<here>(*a::decode(encode(here{7, id_of(3)}))).id == id_of(3));
  CHECK(std::get<assign>(*a::decode(encode(assign{id_of(3), 126}))).station == 126);
  for (const auto& bad : {bytes{}, bytes{0xC0, 1}, bytes{0xC0, 1, 0}, bytes{0xC4, 0}, bytes{0xC7}, bytes(16, 0xC1)})
    CHECK_FALSE(a::decode(bad));
  auto out_of_range = encode(assign{id_of(3), 126});
  for (const std::uint8_t station : bytes{0, 1, 127}) {
    out_of_range.back() = station;
    CHECK_FALSE(a::decode(out_of_range));
  }
}
