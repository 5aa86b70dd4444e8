// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "base/hex.hpp"
#include "protocols/ntp/client.hpp"
#include "protocols/ntp/server.hpp"

#include <catch2/catch_test_macros.hpp>

#include <algorithm>

using namespace smgw;
using namespace smgw::ntp;
using namespace std::chrono_literals;

namespace {

constexpr timestamp noon{std::chrono::sys_days{std::chrono::year{2026} / 3 / 1} + 12h};
constexpr ntp_time random_value = 0x9B417E02D530C811;
constexpr time_point begin{1'000'000s};

struct exchange {
  client c;
  packet reply;  ///< what the server says, to be spoilt by a test
  timestamp own = noon;
  bool synchronised = true;
  std::chrono::milliseconds took = 100ms;

  exchange() {
    reply.mode = 4;
    reply.stratum = 1;
    reply.origin = random_value;
    reply.receive = from_utc(noon + 2050ms);
    reply.transmit = from_utc(noon + 2050ms);
    reply.root_delay = to_short_format(20ms);
    reply.root_dispersion = to_short_format(5ms);
  }
  expected<std::optional<measurement>> run() {
    (void)c.request(own, begin, random_value);
    const auto octets = encode(reply);
    return c.feed(octets, own + took, begin + took, synchronised);
  }
  errc refusal() {
    const auto got = run();
    REQUIRE_FALSE(got);
    return got.error().code;
  }
};

}  // namespace

TEST_CASE("NTP: the minimised request, octet by octet",
          "[REQ.TA.NTP.BuildRequest.10][REQ.TA.NTP.BuildRequest.20][REQ.TA.NTP.BuildRequest.30]"
          "[REQ.TA.NTP.BuildRequest.40]") {
  client c;
  const auto octets = c.request(noon, begin, random_value);
  CHECK(to_hex(octets) ==
        "2300002000000000000000000000000000000000000000000000000000000000"
        "0000000000000000"
        "9b417e02d530c811");
}

TEST_CASE("NTP: offset and error bound of an answer") {
  exchange e;
  const auto got = e.run();
  REQUIRE(got);
  REQUIRE(*got);
  CHECK((*got)->offset == 2000ms);
  CHECK((*got)->round_trip == 100ms);
  CHECK((*got)->maximum_error >= 64ms);
  CHECK((*got)->maximum_error <= 67ms);
  CHECK((*got)->stratum == 1);
}

TEST_CASE("NTP: 9 s are accepted, a millisecond more is not", "[REQ.TA.NTP.ProcessResponse.10]") {
  exchange e;
  e.took = 9000ms;
  CHECK(e.run());
  e.took = 9001ms;
  CHECK(e.refusal() == errc::expired);
}

TEST_CASE("NTP: an answer to another question is ignored", "[REQ.TA.NTP.ProcessResponse.30]") {
  exchange e;
  e.reply.origin ^= 1;
  CHECK(e.refusal() == errc::conflict);
}

TEST_CASE("NTP: an answer counts once") {
  exchange e;
  REQUIRE(e.run());
  const auto again = e.c.feed(encode(e.reply), noon, begin + 100ms, true);
  REQUIRE_FALSE(again);
  CHECK(again.error().code == errc::conflict);
}

TEST_CASE("NTP: times outside the convertible period are ignored; both eras are read",
          "[REQ.TA.NTP.ProcessResponse.40]") {
  exchange e;
  e.synchronised = false;
  const timestamp era_1{std::chrono::sys_days{std::chrono::year{2036} / 2 / 8}};
  e.reply.receive = e.reply.transmit = from_utc(era_1);
  const auto got = e.run();
  REQUIRE(got);
  CHECK((*got)->server == era_1);
  CHECK(to_utc(from_utc(after_convertible)).error().code == errc::expired);
  CHECK(to_utc(from_utc(after_convertible - 1ms)).value() == after_convertible - 1ms);
  e.reply.transmit = from_utc(after_convertible);
  CHECK(e.refusal() == errc::expired);
  // 2038-01-19 03:14:08, where signed 32-bit counters end
  const timestamp y2038{std::chrono::seconds{2'147'483'648}};
  CHECK(to_utc(from_utc(y2038)).value() == y2038);
}

TEST_CASE("NTP: a server that is not synchronised, of another version or mode is ignored",
          "[REQ.TA.NTP.ProcessResponse.50][REQ.TA.NTP.ProcessResponse.51][REQ.TA.NTP.ProcessResponse.52]") {
  exchange e;
  e.reply.leap = 3;
  CHECK(e.refusal() == errc::unavailable);
  e = {};
  e.reply.version = 3;
  CHECK(e.refusal() == errc::malformed);
  for (const int m : {0, 1, 2, 3, 5, 6, 7}) {
    e = {};
    e.reply.mode = static_cast<std::uint8_t>(m);
    CHECK(e.refusal() == errc::malformed);
  }
}

TEST_CASE("NTP: while synchronised 1000 s are the largest step", "[REQ.TA.NTP.ProcessResponse.110]") {
  exchange e;
  e.took = 0ms;
  e.reply.receive = e.reply.transmit = from_utc(noon + 1000s);
  CHECK(e.run());
  e.reply.receive = e.reply.transmit = from_utc(noon + 1001s);
  CHECK(e.refusal() == errc::untrusted);
  e.synchronised = false;  // the first authentic time sets the clock
  const auto got = e.run();
  REQUIRE(got);
  CHECK((*got)->offset == 1001s);
}

TEST_CASE("NTP: an answer may come in pieces, but not with something behind it") {
  exchange e;
  (void)e.c.request(noon, begin, random_value);
  auto octets = encode(e.reply);
  const bytes_view whole{octets};
  CHECK_FALSE(e.c.feed(whole.first(20), noon, begin, true).value().has_value());
  CHECK(e.c.feed(whole.subspan(20), noon, begin, true).value().has_value());
  (void)e.c.request(noon, begin, random_value);
  bytes longer(octets.begin(), octets.end());
  longer.push_back(0);
  CHECK(e.c.feed(longer, noon, begin, true).error().code == errc::malformed);
}

TEST_CASE("NTP server: what is no request of a client of version 4 is ignored", "[REQ.TA.NTP.ProcessRequest.10]") {
  client c;
  const auto good = c.request(noon, begin, random_value);
  CHECK(answer(good, noon, noon, {}));
  CHECK_FALSE(answer(bytes_view{good}.first(47), noon, noon, {}));
  bytes longer(good.begin(), good.end());
  longer.push_back(0);
  CHECK_FALSE(answer(longer, noon, noon, {}));
  for (int first = 0; first < 256; ++first) {
    auto spoilt = good;
    spoilt[0] = static_cast<std::uint8_t>(first);
    CHECK(answer(spoilt, noon, noon, {}).has_value() == ((first & 0x3F) == 0x23));
  }
}

TEST_CASE("NTP server: an answer of a gateway that is synchronised, and of one that is not",
          "[REQ.TA.NTP.BuildResponse.10][REQ.TA.NTP.BuildResponse.20][REQ.TA.NTP.BuildResponse.30]"
          "[REQ.TA.NTP.BuildResponse.40][REQ.TA.NTP.BuildResponse.41]") {
  client c;
  const auto asked = c.request(noon, begin, random_value);
  server_state s{.synchronised = true,
                 .upstream_stratum = 2,
                 .reference_id = 0x7F000001,
                 .root_delay = 40ms,
                 .root_dispersion = 10ms,
                 .last_synchronised = noon - 1h};
  const auto octets = answer(asked, noon, noon + 1ms, s);
  REQUIRE(octets);
  CHECK((*octets)[0] == 0x24);
  const auto p = decode(*octets);
  REQUIRE(p);
  CHECK(p->stratum == 3);
  CHECK(p->origin == random_value);
  CHECK(p->reference_id == 0x7F000001);
  CHECK(to_utc(p->receive).value() == noon);
  CHECK(to_utc(p->transmit).value() == noon + 1ms);
  CHECK(to_utc(p->reference).value() == noon - 1h);
  CHECK(to_milliseconds(p->root_delay) == 40ms);
  CHECK(to_milliseconds(p->root_dispersion) == 10ms);
  CHECK(c.feed(*octets, noon, begin, true).value()->offset <= 1ms);

  s.synchronised = false;
  const auto marked = answer(asked, noon, noon, s);
  REQUIRE(marked);
  CHECK((*marked)[0] == 0xE4);
  CHECK((*marked)[1] == 16);
}

TEST_CASE("NTP: what is decoded and encoded again is the same") {
  bytes octets(packet_octets);
  for (std::size_t i = 0; i < octets.size(); ++i) octets[i] = static_cast<std::uint8_t>(i * 37 + 11);
  const auto p = decode(octets);
  REQUIRE(p);
  CHECK(std::ranges::equal(encode(*p), octets));
}

TEST_CASE("a connection gets a few answers at once, then one each quarter of a minute; who goes on is cut") {
  const time_point start{};
  const timestamp utc{std::chrono::sys_days{std::chrono::year{2026} / 3 / 1}};
  server_line line(start);
  packet p;
  p.transmit = 7;
  const auto question = encode(p);
  const auto ask = [&](std::chrono::seconds at) { return line.feed(question, utc, utc, start + at, {}); };
  for (unsigned i = 0; i < server_line::burst; ++i)
    CHECK(ask(std::chrono::seconds{0}).transmit.size() == packet_octets);
  CHECK(ask(std::chrono::seconds{0}).transmit.empty());
  CHECK(ask(std::chrono::seconds{14}).transmit.empty());
  CHECK(ask(std::chrono::seconds{15}).transmit.size() == packet_octets);
  CHECK(ask(std::chrono::seconds{16}).transmit.empty());
  // A client that asks once a minute is never refused.
  for (int minute = 2; minute < 60; ++minute)
    CHECK(ask(std::chrono::seconds{60 * minute}).transmit.size() == packet_octets);
  bytes flood;
  for (int i = 0; i < 100; ++i) flood.insert(flood.end(), question.begin(), question.end());
  const auto cut = line.feed(flood, utc, utc, start + std::chrono::hours{1}, {});
  CHECK(cut.close);
  CHECK(cut.transmit.size() <= server_line::burst * packet_octets);
}

TEST_CASE("a question may come in pieces; what is none counts against the client") {
  const time_point start{};
  const timestamp utc{std::chrono::sys_days{std::chrono::year{2026} / 3 / 1}};
  server_line line(start);
  packet p;
  p.transmit = 7;
  const auto question = encode(p);
  for (std::size_t i = 0; i < packet_octets; ++i) {
    const auto out = line.feed(bytes_view{question}.subspan(i, 1), utc, utc, start, {});
    CHECK(out.transmit.size() == (i + 1 == packet_octets ? packet_octets : 0));
  }
  const bytes junk(packet_octets, 0);
  unsigned until = 0;
  while (!line.feed(junk, utc, utc, start, {}).close) REQUIRE(++until <= server_line::patience);
}
