// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "protocols/d0/session.hpp"

#include "protocols/d0/samples.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace smgw;
using namespace smgw::d0;
using namespace std::chrono_literals;

namespace {

const time_point start{};
std::string text_of(const bytes& octets) { return std::string{as_text(octets)}; }

}  // namespace

TEST_CASE("reader and meter agree on a rate, and the readout comes") {
  session reading{{.address = "12345"}};
  responder meter{"0012345", samples::meter()};
  auto now = start;
  auto ask = reading.start(now);
  REQUIRE(ask);
  CHECK(text_of(ask->transmit) == "/?12345!\r\n");
  CHECK(ask->baud == 300);
  auto ident = meter.feed(ask->transmit, now);
  CHECK(text_of(ident.transmit) == "/SMG5TEST-1\r\n");
  CHECK(ident.not_before == now + reaction_time);
  auto confirm = reading.feed(ident.transmit, now);
  REQUIRE(confirm);
  CHECK(text_of(confirm->transmit) ==
        "\x06"
        "050\r\n");
  CHECK(confirm->then_baud == 9600);
  CHECK(confirm->not_before == now + reaction_time);
  auto data = meter.feed(confirm->transmit, now);
  CHECK(data.baud == 9600);
  CHECK(data.then_baud == 300);
  CHECK(data.done);
  expected<session_output> got = session_output{};
  for (const auto octet : data.transmit) {
    got = reading.feed(bytes{octet}, now);
    REQUIRE(got);
  }
  REQUIRE(got->received);
  CHECK(got->done);
  CHECK(got->received->bcc == integrity::correct);
  CHECK(got->received->ident.text == "TEST-1");
  CHECK_FALSE(got->wake_at);
  CHECK(reading.start(now).error().code == errc::conflict);
}

TEST_CASE("the rate stays below what the head can do") {
  session reading{{.address = {}, .fastest = 4800}};
  REQUIRE(reading.start(start));
  const auto confirm = reading.feed(samples::octets("/SMG6TEST\r\n"), start);
  REQUIRE(confirm);
  CHECK(text_of(confirm->transmit) ==
        "\x06"
        "040\r\n");
  CHECK(confirm->then_baud == 4800);
}

TEST_CASE("the echo of an optical head and noise before the identification are passed over") {
  session reading{{}};
  const auto ask = reading.start(start);
  auto in = ask->transmit;
  put(in, "\xff\x00zz");
  put(in, "/SMG0TEST\r\n");
  const auto confirm = reading.feed(in, start);
  REQUIRE(confirm);
  CHECK(text_of(confirm->transmit) ==
        "\x06"
        "000\r\n");
}

TEST_CASE("meters of mode A and B send without being asked again") {
  auto content = samples::meter();
  content.baud = 'C';
  session reading{{}};
  REQUIRE(reading.start(start));
  const auto change = reading.feed(encode_identification(content), start);
  REQUIRE(change);
  CHECK(change->transmit.empty());
  CHECK(change->baud == 2400);
  const auto got = reading.feed(encode_block(content), start);
  REQUIRE(got);
  CHECK(got->received);

  content.baud = ' ';  // mode A, all in one piece
  session again{{}};
  REQUIRE(again.start(start));
  const auto at_once = again.feed(encode_push(content), start);
  REQUIRE(at_once);
  CHECK(at_once->received);
  CHECK(at_once->done);
}

TEST_CASE("a silent meter is asked three times, then given up") {
  session reading{{}};
  auto out = reading.start(start);
  for (int i = 0; i < 2; ++i) {
    REQUIRE(out);
    REQUIRE(out->wake_at);
    CHECK(reading.tick(*out->wake_at - 1ms)->transmit.empty());
    out = reading.tick(*out->wake_at);
    REQUIRE(out);
    CHECK(text_of(out->transmit) == "/?!\r\n");
    CHECK(out->baud == 300);
  }
  const auto last = *out->wake_at;
  CHECK(reading.tick(last).error().code == errc::expired);
  CHECK(reading.tick(last + 1h)->done);
}

TEST_CASE("a damaged readout is asked for again") {
  session reading{{.address = {}, .tries = 2}};
  auto block = encode_block(samples::meter());
  block[5] ^= 1;
  REQUIRE(reading.start(start));
  REQUIRE(reading.feed(encode_identification(samples::meter()), start));
  const auto again = reading.feed(block, start);
  REQUIRE(again);
  CHECK(text_of(again->transmit) == "/?!\r\n");
  REQUIRE(reading.feed(encode_identification(samples::meter()), start));
  CHECK(reading.feed(block, start).error().code == errc::malformed);
}

TEST_CASE("a readout that stops is given up after its time") {
  session reading{{.address = {}, .readout = 5s, .tries = 1}};
  REQUIRE(reading.start(start));
  const auto confirm = reading.feed(encode_identification(samples::meter()), start);
  CHECK(confirm->wake_at == start + 5s);
  const auto block = encode_block(samples::meter());
  REQUIRE(reading.feed(bytes_view{block}.first(20), start + 1s));
  CHECK(reading.tick(start + 5s).error().code == errc::expired);
}

TEST_CASE("an address that cannot be sent is refused") {
  for (const auto& address : {std::string(33, '1'), std::string{"12!"}, std::string{"1\r\n"}})
    CHECK(session{{.address = address}}.start(start).error().code == errc::malformed);
}

TEST_CASE("the meter's side answers only what is for it") {
  responder meter{"0042", samples::meter()};
  const auto answer = [&](std::string_view text) { return text_of(meter.feed(samples::octets(text), start).transmit); };
  CHECK(answer("/?42!\r\n").starts_with("/SMG"));
  CHECK(answer("/?00042!\r\n").starts_with("/SMG"));
  CHECK(answer("/?!\r\n").starts_with("/SMG"));
  CHECK(answer("/?43!\r\n").empty());
  CHECK(answer("/?42\r\n").empty());
  CHECK(answer("hello\r\n").empty());
  CHECK(answer(std::string(1000, 'x') + "/?42!\r\n").starts_with("/SMG"));
  // programming mode is not simulated, and a rate that is none is not taken
  CHECK(answer("\x06"
               "051\r\n")
            .empty());
  CHECK(answer("/?!\r\n").starts_with("/SMG"));
  CHECK(answer("\x06"
               "090\r\n")
            .empty());
  CHECK(answer("\x06"
               "050\r\n")[0] == '\x02');
  CHECK(answer("\x06"
               "050\r\n")
            .empty());  // once per identification
}

TEST_CASE("without acknowledgement the readout goes out at the opening rate") {
  responder meter{"", samples::meter()};
  const auto ident = meter.feed(samples::octets("/?!\r\n"), start);
  REQUIRE(ident.wake_at);
  CHECK(meter.tick(*ident.wake_at - 1ms).transmit.empty());
  const auto data = meter.tick(*ident.wake_at);
  CHECK(data.transmit[0] == 0x02);
  CHECK_FALSE(data.baud);
  CHECK(meter.tick(start + 1h).transmit.empty());
  auto other = samples::meter();
  other.lines.clear();
  meter.update(other);
  CHECK(meter
            .feed(samples::octets("/?!\r\n\x06"
                                  "050\r\n"),
                  start)
            .transmit.size() == 6);
}
