// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "protocols/dlms/apdu.hpp"

#include "protocols/dlms/block_transfer.hpp"
#include "protocols/dlms/samples.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace smgw;
using namespace smgw::dlms;
using samples::hex;

TEST_CASE("a data-notification round-trips with its time in both forms") {
  for (const bool tagged : {false, true}) {
    bytes out;
    put_notification(out, 0x40000001, samples::noon(), samples::body(), tagged);
    const auto read = read_apdu(out);
    REQUIRE(read);
    const auto& n = std::get<notification>(*read);
    CHECK(n.long_invoke_id == 0x40000001);
    CHECK(n.time == samples::noon());
    CHECK(n.tagged_time == tagged);
    CHECK(bytes(n.body.begin(), n.body.end()) == samples::body());
  }
}

TEST_CASE("a notification without time, and one with an impossible time, keep their values") {
  const auto none = read_apdu(hex("0f40000000000600000001"));
  REQUIRE(none);
  CHECK_FALSE(std::get<notification>(*none).time);
  CHECK(std::get<notification>(*none).time_octets.empty());
  const auto bad =
      read_apdu(hex("0f00000000"
                    "0c07e3ff"
                    "63"
                    "01073b28ff8000ff"
                    "0600000001"));
  REQUIRE(bad);
  CHECK_FALSE(std::get<notification>(*bad).time);
  CHECK(std::get<notification>(*bad).time_octets.size() == 12);
  CHECK(std::get<notification>(*bad).body.size() == 5);
}

TEST_CASE("a time that comes as a value of type date-time is the time") {
  const auto read =
      read_apdu(hex("0f00000000"
                    "19"
                    "07ea050e040c0000ffff8880"
                    "0600000001"));
  REQUIRE(read);
  const auto& n = std::get<notification>(*read);
  CHECK(n.tagged_time);
  CHECK(n.time == samples::noon());
  CHECK(n.body.size() == 5);
  CHECK(read_apdu(hex("0f000000001907ea05")).error().code == errc::truncated);
}

TEST_CASE("general-ciphering is read up to its key; general-signing is refused by name") {
  // DLMS UA 1000-2, 9.5: transaction-id, originator, recipient, date-time, other-information, key-info, content
  const std::string header =
      "080123456789012345"
      "084d4d4d0000bc614e"
      "084d4d4d0000000001"
      "00"
      "00";
  for (const auto* key_info : {"00", "010000", "010001"}) {
    const auto octets = hex("dd" + header + key_info + "063100000007aa");
    const auto read = read_apdu(octets);
    if (std::string_view{key_info} == "00") CHECK(read.error().code == errc::truncated);  // no tag
    const auto whole = hex("dd" + header + key_info + "113100000007" + std::string(24, '5'));
    const auto a = read_apdu(whole);
    REQUIRE(a);
    const auto& c = std::get<ciphered>(*a);
    CHECK(to_hex(c.header) == header);
    CHECK(to_hex(c.system_title) == "4d4d4d0000bc614e");
    CHECK(c.suite() == 1);
    CHECK(c.counter == 7);
    CHECK(c.payload.size() == tag_size);
  }
  const auto refusal = [&](const std::string& rest) { return read_apdu(hex("dd" + header + rest)).error(); };
  CHECK(refusal("0101000800").what.find("wrapped") != std::string::npos);
  CHECK(refusal("0102000800").code == errc::unsupported);
  CHECK(refusal("").code == errc::truncated);
  CHECK(read_apdu(hex("dd00074d4d4d0000bc610000000006300000000700")).error().code == errc::malformed);
  const auto sign = read_apdu(hex("df0801020304050607080800000000000000000000")).error();
  CHECK(sign.code == errc::unsupported);
  CHECK(sign.what.find("general-signing") != std::string::npos);
}

TEST_CASE("an event-notification round-trips") {
  bytes value;
  axdr::put_integer(value, axdr::type::unsigned_integer, 3);
  for (const bool timed : {false, true}) {
    bytes out;
    put_event_notification(out, timed ? std::optional{samples::noon()} : std::nullopt, 1, *obis::parse("0-0:97.98.0"),
                           2, value);
    const auto read = read_apdu(out);
    REQUIRE(read);
    const auto& n = std::get<event_notification>(*read);
    CHECK(n.time.has_value() == timed);
    CHECK(n.class_id == 1);
    CHECK(n.instance.text() == "0-0:97.98.0*255");
    CHECK(n.attribute == 2);
    CHECK(n.body.size() == 2);
  }
}

TEST_CASE("ciphered APDUs and blocks round-trip") {
  const auto title = samples::title();
  const auto payload = hex("00112233445566778899aabbcc");
  for (const auto tag : {apdu_tag::general_glo_ciphering, apdu_tag::general_ded_ciphering,
                         apdu_tag::glo_event_notification, apdu_tag::ded_event_notification}) {
    const bool general = tag == apdu_tag::general_glo_ciphering || tag == apdu_tag::general_ded_ciphering;
    bytes out;
    put_ciphered(out, {.tag = tag,
                       .system_title = general ? bytes_view{title} : bytes_view{},
                       .security_control = 0x30,
                       .counter = 99,
                       .payload = payload});
    const auto read = read_apdu(out);
    REQUIRE(read);
    const auto& c = std::get<ciphered>(*read);
    CHECK(c.tag == tag);
    CHECK(c.system_title.size() == (general ? 8 : 0));
    CHECK(c.counter == 99);
    CHECK(c.authenticated());
    CHECK(c.encrypted());
    CHECK_FALSE(c.compressed());
    CHECK_FALSE(c.broadcast());
    CHECK(c.suite() == 0);
    CHECK(c.payload.size() == payload.size());
  }
  bytes out;
  put_block(out, {.last = true, .streaming = true, .window = 5, .number = 3, .acknowledged = 2, .data = payload});
  const auto b = std::get<block>(*read_apdu(out));
  CHECK(b.last);
  CHECK(b.streaming);
  CHECK(b.window == 5);
  CHECK(b.number == 3);
  CHECK(b.acknowledged == 2);
  CHECK(b.data.size() == payload.size());
}

TEST_CASE("APDUs that break the rules are refused by code") {
  const auto refusal = [](std::string_view text) { return read_apdu(hex(text)).error().code; };
  CHECK(refusal("") == errc::truncated);
  CHECK(refusal("0f0000") == errc::truncated);
  CHECK(refusal("0f00000000"
                "00") == errc::truncated);
  CHECK(refusal("0f00000000"
                "0507e6010203"
                "00") == errc::malformed);
  CHECK(refusal("c40100") == errc::unsupported);
  CHECK(refusal("c202") == errc::malformed);
  CHECK(refusal("c201"
                "0507e6010203") == errc::malformed);
  CHECK(refusal("c2000001"
                "0000600100ff"
                "02") == errc::truncated);
  CHECK(refusal("db07aabbccddeeff0005"
                "2000000001") == errc::malformed);
  CHECK(refusal("db08534d47000000000105"
                "2000000001"
                "00") == errc::malformed);
  CHECK(refusal("db08534d470000000001"
                "06"
                "2000000001") == errc::truncated);
  CHECK(refusal("db08534d470000000001"
                "10"
                "3000000001"
                "00112233445566778899aa") == errc::truncated);
  CHECK(refusal("e0800001000002aa") == errc::truncated);
  CHECK(refusal("e0800001000001aabb") == errc::malformed);
}

TEST_CASE("an APDU cut at any octet never reads as a longer one") {
  for (const auto& whole : {samples::notification_octets(), hex("db08534d470000000001"
                                                                "06"
                                                                "2000000001"
                                                                "aa")})
    for (std::size_t n = 0; n < whole.size(); ++n) {
      const bytes cut(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(n));
      const auto read = read_apdu(cut);
      if (const auto* note = read ? std::get_if<notification>(&*read) : nullptr)
        CHECK_FALSE(axdr::check(note->body));
      else
        CHECK_FALSE(read);
    }
}

namespace {

std::vector<block> blocks_of(const std::vector<bytes>& sent) {
  std::vector<block> out;
  for (const auto& s : sent) out.push_back(std::get<block>(*read_apdu(s)));
  return out;
}

}  // namespace

TEST_CASE("blocks are put together in order") {
  const auto whole = samples::notification_octets();
  const auto sent = split_into_blocks(whole, 20);
  const auto blocks = blocks_of(sent);
  REQUIRE(blocks.size() > 3);
  block_transfer t;
  for (int round = 0; round < 2; ++round)
    for (const auto& b : blocks) {
      const auto got = t.add(b);
      REQUIRE(got);
      CHECK(got->has_value() == b.last);
      CHECK(t.pending() == !b.last);
      if (b.last) CHECK(bytes((**got).begin(), (**got).end()) == whole);
      if (!b.last) CHECK_FALSE(t.add(b)->has_value());  // sent a second time
    }
}

TEST_CASE("a lost block drops the telegram, and the next one is read") {
  const auto sent = split_into_blocks(samples::notification_octets(), 20);
  const auto blocks = blocks_of(sent);
  block_transfer t;
  CHECK(t.add(blocks[1]).error().code == errc::conflict);
  REQUIRE(t.add(blocks[0]));
  CHECK(t.add(blocks[2]).error().code == errc::conflict);
  REQUIRE(t.add(blocks[0]));
  REQUIRE(t.add(blocks[1]));
  REQUIRE(t.add(blocks[0]));  // the meter began anew
  for (std::size_t i = 1; i < blocks.size(); ++i) CHECK(t.add(blocks[i])->has_value() == blocks[i].last);
}

TEST_CASE("blocks without end are bounded") {
  const bytes piece(1000, 0xAA);
  block_transfer t;
  for (std::uint16_t n = 1; n <= 8; ++n) REQUIRE(t.add({.number = n, .data = piece}));
  CHECK(t.add({.number = 9, .data = piece}).error().code == errc::exhausted);
  CHECK_FALSE(t.pending());
}
