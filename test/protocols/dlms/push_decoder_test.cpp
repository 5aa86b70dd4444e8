// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "protocols/dlms/push_decoder.hpp"

#include "protocols/dlms/records.hpp"
#include "protocols/dlms/samples.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace smgw;
using namespace smgw::dlms;
using namespace std::chrono_literals;
using samples::hex;

namespace {

std::size_t records_in(bytes_view body) {
  record_cursor c{body};
  record r;
  std::size_t n = 0;
  while (c.next(r)) ++n;
  return n;
}

// All of a row through reader, decoder and records; how many records came out.
std::size_t work_through(bytes_view in, transport t, cipher* keys) {
  reader line{t};
  push_decoder decoder;
  std::size_t n = 0;
  const auto take = [&](const expected<telegram>& got) {
    if (!got) return;
    const auto p = decoder.decode(got->apdu, keys, nullptr);
    if (p && *p) n += records_in((**p).body());
  };
  const time_point now{};
  while (auto got = line.feed(in, now)) take(*got);
  while (auto got = line.tick(now + 1h)) take(*got);
  return n;
}

}  // namespace

TEST_CASE("a push goes through blocks and protection to its values") {
  cipher keys{samples::key(1), samples::key(2)};
  const auto sent = keys.protect(samples::notification_octets(), 0x30, samples::title(), 1);
  push_decoder decoder;
  counter_state counters;
  std::optional<push> got;
  for (const auto& b : split_into_blocks(*sent, 50)) {
    auto next = decoder.decode(b, &keys, &counters);
    REQUIRE(next);
    got = *next;
  }
  REQUIRE(got);
  CHECK(got->authenticated);
  CHECK(got->protection->counter == 1);
  CHECK(bytes(got->octets.begin(), got->octets.end()) == samples::notification_octets());
  CHECK(records_in(got->body()) == 2);
  CHECK(std::get<notification>(got->content).time == samples::noon());
}

TEST_CASE("an encrypted P1 telegram comes out as text") {
  cipher keys{samples::key(1), samples::key(2)};
  const auto text = as_bytes("/SMG5\\2TEST\r\n\r\n1-0:1.8.0(1*kWh)\r\n!\r\n");
  const auto sent = keys.protect(text, 0x30, samples::title(), 1);
  push_decoder decoder;
  const auto got = decoder.decode(*sent, &keys, nullptr);
  REQUIRE(got);
  CHECK(std::get<std::string_view>((**got).content).starts_with("/SMG5"));
  CHECK((**got).body().empty());
}

TEST_CASE("what is inside must be a notification, and whole") {
  cipher keys{samples::key(1), samples::key(2)};
  push_decoder decoder;
  const auto code = [&](bytes_view in, protection_fault* why = nullptr) {
    return decoder.decode(in, &keys, nullptr, why).error().code;
  };
  CHECK(code(hex("0f0000000000"
                 "9f")) == errc::unsupported);  // unknown tag in the body
  CHECK(code(hex("0f0000000000"
                 "0600000001ff")) == errc::malformed);  // octets behind it
  const auto nested =
      keys.protect(*keys.protect(samples::notification_octets(), 0x30, samples::title(), 1), 0x30, samples::title(), 2);
  CHECK(code(*nested) == errc::unsupported);
  bytes inner;
  put_block(inner, {.last = true, .number = 1, .data = hex("0f")});
  bytes outer;
  put_block(outer, {.last = true, .number = 1, .data = inner});
  CHECK(code(outer) == errc::malformed);
  // encrypted only, with a wrong key that by chance begins like an APDU: the body tells
  const auto broken = keys.protect(hex("0f0000000000"
                                       "9f"),
                                   0x20, samples::title(), 1);
  protection_fault why{};
  CHECK(code(*broken, &why) == errc::malformed);
  CHECK(why == protection_fault::plaintext_implausible);
  // the decoder takes the next one all the same
  CHECK(decoder.decode(samples::notification_octets(), nullptr, nullptr));
}

TEST_CASE("captured telegrams cut at any octet or with any bit flipped never give other values by accident") {
  const auto rows = samples::rows();
  REQUIRE(rows.size() > 15);
  for (const auto& row : rows) {
    const auto frame = hex(row.at("frame_hex").get<std::string>());
    const auto field = [&](const char* key) {
      return row.contains(key) ? hex(row.at(key).get<std::string>()) : bytes{};
    };
    cipher keys{secret{bytes_view{field("key_hex")}}, secret{bytes_view{field("auth_key_hex")}}};
    const auto t = guess_transport(frame);
    const auto whole = work_through(frame, t, &keys);
    INFO(row.at("name").get<std::string>());
    CHECK((whole > 0) == (row.at("expected").at("verdict") == "decoded"));
    for (std::size_t n = 0; n < frame.size(); ++n) {
      const bytes cut(frame.begin(), frame.begin() + static_cast<std::ptrdiff_t>(n));
      const auto got = work_through(cut, t, &keys);
      if (t != transport::hdlc || n + 1 < frame.size()) CHECK(got == 0);
    }
    for (std::size_t i = 0; i < frame.size(); i += 3) {
      auto changed = frame;
      changed[i] ^= static_cast<std::uint8_t>(1U << (i % 8));
      const auto got = work_through(changed, t, &keys);
      // HDLC and tags find every single bit; the others at least do not fall over
      if (t == transport::hdlc && i != 0 && i + 1 != frame.size() && frame[i] != 0x7E) CHECK(got == 0);
    }
  }
}
