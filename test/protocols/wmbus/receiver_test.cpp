// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#include "protocols/wmbus/receiver.hpp"

#include "base/hex.hpp"
#include "base/octets.hpp"
#include "protocols/mbus/crc.hpp"
#include "protocols/wmbus/transmit.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace smgw;
using namespace smgw::wmbus;

namespace {
bytes hex(std::string_view text) { return from_hex(text).value(); }
constexpr auto master = "000102030405060708090a0b0c0d0e0f";
meter_cipher cipher(std::string_view key = master) { return meter_cipher::make(secret{bytes_view{hex(key)}}).value(); }
meter_state meter(bool authenticated_only = true) {
  meter_state m;
  m.key = cipher();
  m.policy.authenticated_only = authenticated_only;
  return m;
}
const sender with_short_header{{0x12345678, 0x2C2D, 0x1B, 0x07}, {}, 0x44, 0x2A, 0x04, true};
const sender with_long_header{{0x12345678, 0x2C2D, 0x1B, 0x37}, identity{0x87654321, 0x1593, 2, 3}, 0x44, 7, 0, false};
const bytes records = hex("0c1427048502046d32371f1502fd170000");

struct world {
  receiver radio;
  time_point now{};
  mbus::format_cache formats;
  telegram take(meter_state& m, bytes_view frame) { return radio.open(frame, m, &formats, now); }
};

bytes single(const sender& who, const expected<protected_message>& m) {
  return frames_of(who, m.value()).value().at(0);
}
bytes mode7(const sender& who, std::uint32_t counter, std::size_t mac = 8) {
  auto key = cipher();
  return single(who, mode7_message(who, key, counter, records, mac));
}
bytes mode10(const sender& who, std::uint32_t counter, std::size_t tag = 8, std::size_t clear = 0) {
  auto key = cipher();
  return single(who, mode10_message(who, key, counter, records, tag, clear));
}
bytes mode5(const sender& who) {
  auto key = cipher();
  return single(who, mode5_message(who, key, records));
}
bool starts_with(bytes_view all, bytes_view front) {
  return all.size() >= front.size() && std::equal(front.begin(), front.end(), all.begin());
}
}  // namespace

TEST_CASE("mode 7: MAC, then decryption", "[wmbus][REQ.WMBUS.Unidirektional.50]") {
  world w;
  for (const auto& who : {with_short_header, with_long_header})
    for (const std::size_t mac : {8U, 12U, 16U}) {
      auto m = meter();
      const auto t = w.take(m, mode7(who, 100, mac));
      REQUIRE(t.result == verdict::accepted);
      CHECK(t.authenticated);
      CHECK(t.counter == 100U);
      CHECK(m.counter == 100U);
      CHECK(t.meter == (who.application ? *who.application : who.link));
      CHECK(starts_with(t.application, records));
    }
}

TEST_CASE("mode 10: tags of 8, 12 and 16 octets, with a part in clear",
          "[wmbus][REQ.WMBUS.Unidirektional.51][REQ.WMBUS.Unidirektional.71][REQ.WMBUS.Unidirektional.72]") {
  world w;
  for (const auto& who : {with_short_header, with_long_header})
    for (const std::size_t tag : {8U, 12U, 16U})
      for (const std::size_t clear : {0U, 5U}) {
        auto m = meter();
        const auto t = w.take(m, mode10(who, 7, tag, clear));
        REQUIRE(t.result == verdict::accepted);
        CHECK(t.authenticated);
        CHECK(m.counter == 7U);
        CHECK(bytes(t.application.begin(), t.application.end()) == records);
      }
}

TEST_CASE("mode 10 with the other key of the table", "[wmbus][REQ.WMBUS.Unidirektional.51]") {
  world w;
  auto key = cipher();
  const auto frame =
      single(with_short_header, mode10_message(with_short_header, key, 7, records, 8, 0, derived::authentication));
  auto m = meter();
  CHECK(w.take(m, frame).result == verdict::wrong_key);
  m.policy.ccm_key = derived::authentication;
  CHECK(w.take(m, frame).result == verdict::accepted);
}

TEST_CASE("a counter that does not increase is discarded", "[wmbus][REQ.WMBUS.Unidirektional.60]") {
  world w;
  auto m = meter();
  CHECK(w.take(m, mode7(with_short_header, 100)).result == verdict::accepted);
  CHECK(w.take(m, mode7(with_short_header, 100)).result == verdict::replayed);
  CHECK(w.take(m, mode7(with_short_header, 99)).result == verdict::replayed);
  CHECK(w.take(m, mode10(with_short_header, 100)).result == verdict::replayed);
  CHECK(m.counter == 100U);
  CHECK(w.take(m, mode7(with_short_header, 101)).result == verdict::accepted);
  CHECK(w.take(m, mode7(with_short_header, 0xFFFF'FFFF)).result == verdict::accepted);
  CHECK(w.take(m, mode7(with_short_header, 0)).result == verdict::replayed);
}

TEST_CASE("a forged telegram does not move the counter", "[wmbus][REQ.WMBUS.Unidirektional.60]") {
  world w;
  auto m = meter();
  CHECK(w.take(m, mode7(with_short_header, 5)).result == verdict::accepted);
  auto forged = mode7(with_short_header, 900);
  forged.back() ^= 1;
  CHECK(w.take(m, forged).result == verdict::wrong_key);
  CHECK(m.counter == 5U);
  CHECK(w.take(m, mode7(with_short_header, 6)).result == verdict::accepted);
}

TEST_CASE("every changed bit is refused", "[wmbus][REQ.WMBUS.Unidirektional.50][REQ.WMBUS.Unidirektional.51]") {
  world w;
  for (const auto& frame : {mode7(with_short_header, 1), mode7(with_long_header, 1), mode10(with_short_header, 1),
                            mode10(with_short_header, 1, 16, 4)})
    for (std::size_t bit = 0; bit < 8 * frame.size(); ++bit) {
      auto bad = frame;
      bad[bit / 8] = static_cast<std::uint8_t>(bad[bit / 8] ^ (1U << (bit % 8)));
      auto m = meter();
      const auto t = w.take(m, bad);
      // Link and extended link layer are not under the MAC, except what goes into the keys and the nonce.
      // Nor is the fragmentation control field, of which only the number of the fragment matters here.
      const std::size_t inner = frame[10] == 0x8C ? 13 : 10;
      const bool fragmentation = frame[inner] == 0x90 && (bit / 8 == inner + 2 || bit / 8 == inner + 3);
      const bool outside = bit / 8 < inner || fragmentation;
      CHECK((t.result != verdict::accepted || outside));
    }
}

TEST_CASE("every cut is refused", "[wmbus]") {
  world w;
  for (const auto& frame : {mode5(with_long_header), mode7(with_short_header, 1), mode10(with_short_header, 1)})
    for (std::size_t n = 0; n < frame.size(); ++n) {
      auto m = meter(false);
      auto cut = bytes(frame.begin(), frame.begin() + static_cast<std::ptrdiff_t>(n));
      CHECK(w.take(m, cut).result == verdict::no_frame);
      if (n == 0) continue;
      cut[0] = static_cast<std::uint8_t>(n - 1);  // a shorter frame whose length is right
      CHECK(w.take(m, cut).result != verdict::accepted);
      (void)w.radio.peek(cut);
    }
}

TEST_CASE("mode 5 is decoded where the profile allows it", "[wmbus]") {
  world w;
  for (const auto& who : {with_short_header, with_long_header}) {
    const auto frame = mode5(who);
    auto m = meter(false);
    const auto t = w.take(m, frame);
    REQUIRE(t.result == verdict::accepted);
    CHECK_FALSE(t.authenticated);
    CHECK(starts_with(t.application, records));
    auto strict = meter();
    const auto refused = w.take(strict, frame);
    CHECK(refused.result == verdict::unprotected);
    CHECK(refused.application.empty());
    auto other = meter(false);
    other.key = cipher("ffffffffffffffffffffffffffffffff");
    CHECK(w.take(other, frame).result == verdict::implausible);
    meter_state none;
    none.policy.authenticated_only = false;
    CHECK(w.take(none, frame).result == verdict::no_key);
  }
}

// EN 13757-7, 7.7.4: N blocks are encrypted, what follows is in clear.
TEST_CASE("mode 5: records in clear behind the encrypted blocks", "[wmbus]") {
  world w;
  auto frame = mode5(with_short_header);
  put(frame, hex("0f010203"));
  frame[0] = static_cast<std::uint8_t>(frame.size() - 1);
  auto m = meter(false);
  const auto t = w.take(m, frame);
  REQUIRE(t.result == verdict::accepted);
  CHECK(starts_with(t.application, records));
  CHECK(to_hex(t.application.last(4)) == "0f010203");
}

// N = 15 in mode 7: all, where there are more than fifteen whole blocks; else fifteen.
TEST_CASE("mode 7: more than fifteen blocks", "[wmbus][REQ.WMBUS.Unidirektional.50]") {
  const auto& who = with_long_header;
  auto key = cipher();
  for (const auto& [sealed, size] : {std::pair{320U, 320U}, std::pair{240U, 247U}}) {
    bytes data(size, 0x2F);
    key.derive(derived::encryption, 5, who.application->id);
    key.cbc_encrypt(std::span{data}.first(sealed), block{});
    auto message = mode7_message(who, key, 5, records).value();
    message.content.resize(13);
    message.content[11] = 0xF0;
    message.content.push_back(0x10);
    put(message.content, data);
    bytes start{*message.afl->message_control};
    put_le(start, *message.afl->counter);
    const std::array<bytes_view, 2> parts{bytes_view{start}, bytes_view{message.content}};
    key.derive(derived::authentication, 5, who.application->id);
    key.cmac(parts, message.mac_octets);
    world w;
    auto m = meter();
    telegram t;
    const auto frames = frames_of(who, message, 150).value();
    for (const auto& frame : frames) t = w.take(m, frame);
    REQUIRE(t.result == verdict::accepted);
    CHECK(bytes(t.application.begin(), t.application.end()) == bytes(size - 2, 0x2F));
  }
}

TEST_CASE("no key, wrong key", "[wmbus]") {
  world w;
  meter_state none;
  CHECK(w.take(none, mode7(with_short_header, 1)).result == verdict::no_key);
  CHECK(w.take(none, mode10(with_short_header, 1)).result == verdict::no_key);
  auto other = meter();
  other.key = cipher("ffffffffffffffffffffffffffffffff");
  CHECK(w.take(other, mode7(with_short_header, 1)).result == verdict::wrong_key);
  CHECK(w.take(other, mode10(with_short_header, 1)).result == verdict::wrong_key);
  CHECK_FALSE(other.counter.has_value());
}

TEST_CASE("a short MAC does not count", "[wmbus][REQ.WMBUS.Unidirektional.50]") {
  world w;
  auto key = cipher();
  auto message = mode7_message(with_short_header, key, 1, records).value();
  for (const unsigned at : {3U, 4U}) {  // 16 and 32 bits
    message.afl->message_control = static_cast<std::uint8_t>(0x20U | at);
    auto m = meter();
    CHECK(w.take(m, frames_of(with_short_header, message).value()[0]).result == verdict::unsupported);
  }
  message.afl->message_control = 0x28;  // 12 octets of AES-GMAC
  auto other = meter();
  CHECK(w.take(other, frames_of(with_short_header, message).value()[0]).reason == "MAC other than AES-CMAC");
  auto frame = mode10(with_short_header, 1);
  frame[18 + 1] = 0;  // CFE: tag of four octets
  auto m = meter();
  CHECK(frame[19] == 0);
  CHECK(w.take(m, frame).result != verdict::accepted);
}

TEST_CASE("modes that are not offered are named", "[wmbus]") {
  world w;
  auto m = meter();
  m.policy.authenticated_only = false;
  auto frame = mode5(with_short_header);
  frame[17] = static_cast<std::uint8_t>((frame[17] & 0xE0U) | 13U);
  auto t = w.take(m, frame);
  CHECK(t.result == verdict::unsupported);
  CHECK(t.reason == "security mode 13 (TLS)");
  for (const unsigned mode : {1U, 2U, 3U, 4U, 6U, 8U, 9U, 11U, 12U, 14U, 15U, 29U}) {
    frame[17] = static_cast<std::uint8_t>(mode);
    t = w.take(m, frame);
    CHECK(t.result == verdict::unsupported);
    CHECK(t.mode == mode);
  }
}

TEST_CASE("fragments", "[wmbus][REQ.WMBUS.Unidirektional.40]") {
  world w;
  auto key = cipher();
  const auto message = mode7_message(with_long_header, key, 9, bytes(180, 0x2F)).value();
  const auto frames = frames_of(with_long_header, message, 50).value();
  REQUIRE(frames.size() == 5);

  SECTION("in order") {
    auto m = meter();
    for (std::size_t i = 0; i + 1 < frames.size(); ++i) CHECK(w.take(m, frames[i]).result == verdict::pending);
    const auto t = w.take(m, frames.back());
    CHECK(t.result == verdict::accepted);
    CHECK(t.application.size() >= 180);
    CHECK(m.counter == 9U);
  }
  SECTION("a gap, a repetition, a late start") {
    auto m = meter();
    CHECK(w.take(m, frames[1]).result == verdict::no_frame);
    CHECK(w.take(m, frames[0]).result == verdict::pending);
    CHECK(w.take(m, frames[2]).result == verdict::no_frame);
    CHECK(w.take(m, frames[1]).result == verdict::no_frame);
    CHECK(w.take(m, frames[0]).result == verdict::pending);
    CHECK(w.take(m, frames[0]).result == verdict::pending);  // starts anew
    for (std::size_t i = 1; i < frames.size(); ++i) (void)w.take(m, frames[i]);
    CHECK(m.counter == 9U);
  }
  SECTION("too late") {
    auto m = meter();
    CHECK(w.take(m, frames[0]).result == verdict::pending);
    w.now += fragment_timeout + std::chrono::seconds{1};
    CHECK(w.take(m, frames[1]).result == verdict::no_frame);
    CHECK_FALSE(m.fragments.waiting());
  }
  SECTION("the last fragment's MAC cut short") {
    auto m = meter();
    for (std::size_t i = 0; i + 1 < frames.size(); ++i) (void)w.take(m, frames[i]);
    auto last = frames.back();
    last.erase(last.begin() + 15, last.begin() + 22);  // one octet of MAC left
    last[0] = static_cast<std::uint8_t>(last[0] - 7);
    last[11] = static_cast<std::uint8_t>(last[11] - 7);
    CHECK(w.take(m, last).result == verdict::no_frame);
  }
}

TEST_CASE("a message without end is given up", "[wmbus]") {
  reassembly r;
  reassembly::message out;
  const bytes part(200);
  afl_header h;
  h.fragmentation_control = 0x4001;
  CHECK_FALSE(r.add(h, part, {}, out).value());
  errc code = errc::internal;
  for (std::uint16_t id = 2; id < 20 && code == errc::internal; ++id) {
    h.fragmentation_control = static_cast<std::uint16_t>(0x4000U | id);
    if (auto ok = r.add(h, part, {}, out); !ok) code = ok.error().code;
  }
  CHECK(code == errc::exhausted);
  h.fragmentation_control = 0x4001;
  h.message_length = 100;
  CHECK_FALSE(r.add(h, part, {}, out).value());
  h.fragmentation_control = 0x0002;
  CHECK(r.add(h, part, {}, out).error().code == errc::malformed);
}

TEST_CASE("encrypted extended link layer", "[wmbus][REQ.WMBUS.Unidirektional.40]") {
  // SP: 8D, CC, ACC, SN with ENC = 1, payload CRC and a frame without transport header.
  world w;
  auto key = cipher();
  auto plain = hex("000078046d0813cf29");
  const auto crc = mbus::crc_of(bytes_view{plain}.subspan(2));
  plain[0] = static_cast<std::uint8_t>(crc);
  plain[1] = static_cast<std::uint8_t>(crc >> 8U);
  auto frame = hex("1944372c763081233c168d2057d2ed1120");
  auto secret_part = plain;
  block counter{};
  std::copy_n(frame.begin() + 2, 8, counter.begin());
  counter[8] = 0x20;
  std::copy_n(frame.begin() + 13, 4, counter.begin() + 9);
  key.use_master();
  key.ctr(secret_part, counter);
  put(frame, secret_part);
  frame[0] = static_cast<std::uint8_t>(frame.size() - 1);

  auto m = meter(false);
  const auto t = w.take(m, frame);
  REQUIRE(t.result == verdict::accepted);
  CHECK(to_hex(t.application) == "046d0813cf29");
  CHECK(w.radio.peek(frame).value().ell->encryption() == 1);
  CHECK_FALSE(w.radio.peek(frame).value().tpl.has_value());

  auto repeated = frame;
  repeated[11] |= 0x10;  // hop count, set by a repeater
  CHECK(w.take(m, repeated).result == verdict::accepted);
  meter_state none;
  none.policy.authenticated_only = false;
  CHECK(w.take(none, frame).result == verdict::no_key);
  auto other = meter(false);
  other.key = cipher("ffffffffffffffffffffffffffffffff");
  CHECK(w.take(other, frame).result == verdict::implausible);
  auto clear = hex("1944372c763081233c168d2057d2ed1100");
  put(clear, plain);
  clear[0] = static_cast<std::uint8_t>(clear.size() - 1);
  CHECK(w.take(other, clear).result == verdict::accepted);
  clear.back() ^= 1;
  CHECK(w.take(other, clear).result == verdict::bad_crc);
  clear[16] = 0x40;
  CHECK(w.take(other, clear).result == verdict::unsupported);
}

TEST_CASE("headers without keys", "[wmbus]") {
  world w;
  const auto h = w.radio.peek(mode7(with_long_header, 77)).value();
  CHECK(h.afl->counter == 77U);
  CHECK(h.tpl->meter == *with_long_header.application);
  const auto ell3 = hex("2044372c763081233c168e2057123412345678010778046d0813cf29000000000000");
  CHECK(w.radio.peek(ell3).value().ell->receiver->manufacturer == 0x3412);
  // CI 86 says by itself which fields follow: it is refused by its name, not read as one of the fixed forms.
  const auto variable = hex("0d44372c763081233c16862057ff");
  CHECK(w.radio.peek(variable).error().code == errc::unsupported);
  auto m = meter(false);
  const auto refused = w.take(m, variable);
  CHECK(refused.result == verdict::unsupported);
  CHECK(refused.reason == "extended link layer of variable form (CI 86)");
  CHECK(refused.meter.manufacturer == 0x2C37);
  CHECK(w.radio.peek(hex("0c44372c763081233c168d2057")).error().code == errc::truncated);
}

TEST_CASE("what a verdict amounts to", "[wmbus]") {
  CHECK(code_of(verdict::replayed) == errc::conflict);
  CHECK(code_of(verdict::wrong_key) == errc::untrusted);
  CHECK(code_of(verdict::no_key) == errc::unavailable);
  CHECK(code_of(verdict::bad_crc) == errc::malformed);
  CHECK(code_of(verdict::unprotected) == errc::denied);
  CHECK(name(verdict::unsupported) == "unsupported");
}
