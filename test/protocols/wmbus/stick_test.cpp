// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#include "base/crc16.hpp"
#include "base/hex.hpp"
#include "base/octets.hpp"
#include "protocols/wmbus/stick_amber.hpp"
#include "protocols/wmbus/stick_imst.hpp"
#include "protocols/wmbus/stick_text.hpp"
#include "protocols/wmbus/transmit.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace smgw;
using namespace smgw::wmbus;

namespace {
bytes hex(std::string_view text) { return from_hex(text).value(); }
const bytes frame = hex("0d442d2c785634121b0778010203");

struct heard {
  bytes octets;
  frame_format format;
  std::optional<int> rssi;
};
std::vector<heard> listen(stick& s, bytes_view in, std::size_t piece) {
  std::vector<heard> all;
  const frame_sink sink = [&](const air_frame& f) {
    all.push_back({{f.octets.begin(), f.octets.end()}, f.format, f.rssi_dbm});
  };
  for (; !in.empty(); in = in.subspan(std::min(piece, in.size()))) s.feed(in.first(std::min(piece, in.size())), sink);
  return all;
}
bytes stripped(const heard& h) {
  std::array<std::uint8_t, max_frame> buffer;
  const auto out = strip(h.format, h.octets, buffer).value();
  return {out.begin(), out.end()};
}
bytes line(std::string_view text) { return {text.begin(), text.end()}; }

// Whatever the size of the pieces, noise before, between and after: both messages are heard.
template <class Make>
void hears_two(Make make, const bytes& message, const bytes& noise) {
  bytes all = noise;
  put(all, message);
  put(all, noise);
  put(all, message);
  for (const std::size_t piece : {1U, 2U, 3U, 7U, 1000U}) {
    auto s = make();
    const auto got = listen(*s, all, piece);
    REQUIRE(got.size() == 2);
    CHECK(stripped(got[0]) == frame);
    CHECK(stripped(got[1]) == frame);
  }
}
bytes im871a(std::uint8_t flags) {
  bytes m{static_cast<std::uint8_t>(flags | 2U), 3, static_cast<std::uint8_t>(frame.size() - 1)};
  put(m, bytes_view{frame}.subspan(1));
  if ((flags & 0x20U) != 0) put(m, hex("01020304"));
  if ((flags & 0x40U) != 0) m.push_back(60);
  if ((flags & 0x80U) != 0) put_le(m, crc16_x25(m));
  m.insert(m.begin(), 0xA5);
  return m;
}
}  // namespace

TEST_CASE("IMST iM871A", "[wmbus]") {
  for (const unsigned flags : {0x00U, 0x40U, 0xE0U})
    hears_two([] { return std::make_unique<stick_im871a>(); }, im871a(static_cast<std::uint8_t>(flags)), hex("000d0a"));
  stick_im871a s;
  CHECK(listen(s, im871a(0xE0), 100).at(0).rssi == -94);
  auto bad = im871a(0xE0);
  bad[8] ^= 1;
  CHECK(listen(s, bad, 100).empty());
  CHECK(s.damaged() > 0);
  CHECK(s.configure()[0] == 0xA5);
  CHECK(crc16_x25(bytes_view{s.configure()}.subspan(1, 9)) == load_le<std::uint16_t>(&s.configure()[10]));
}

TEST_CASE("IMST iU891A", "[wmbus]") {
  bytes message = hex("0920c0db6d38000002e7");  // the time holds both octets that SLIP escapes
  put(message, frame);
  put_le(message, crc16_x25(message));
  bytes slip{0xC0};
  for (const auto o : message) {
    if (o == 0xC0) {
      put(slip, hex("dbdc"));
    } else if (o == 0xDB) {
      put(slip, hex("dbdd"));
    } else {
      slip.push_back(o);
    }
  }
  slip.push_back(0xC0);
  hears_two([] { return std::make_unique<stick_iu891a>(); }, slip, hex("0102"));
  hears_two([] { return std::make_unique<stick_iu891a>(); }, slip, hex("c0c0"));
  stick_iu891a s;
  CHECK(listen(s, slip, 100).at(0).rssi == -25);
  auto bad = slip;
  bad[15] ^= 1;
  CHECK(listen(s, bad, 100).empty());
  CHECK(s.damaged() == 1);
  CHECK(listen(s, slip, 100).size() == 1);
  CHECK(s.configure().back() == 0xC0);
}

TEST_CASE("Amber", "[wmbus]") {
  bytes message{0xFF, 0x03, static_cast<std::uint8_t>(frame.size())};
  put(message, bytes_view{frame}.subspan(1));
  message.push_back(0xB0);
  std::uint8_t x = 0;
  for (const auto o : message) x = static_cast<std::uint8_t>(x ^ o);
  message.push_back(x);
  hears_two([] { return std::make_unique<stick_amber>(); }, message, hex("0102"));
  stick_amber s;
  CHECK(listen(s, message, 100).at(0).rssi == -114);
  CHECK(to_hex(s.configure()) == "ff040109f3");
  message[5] ^= 1;
  CHECK(listen(s, message, 100).empty());
  CHECK(s.damaged() > 0);
}

TEST_CASE("CUL", "[wmbus]") {
  const auto a = line("b" + to_hex(with_crc(frame_format::a, frame).value()) + "80f0\r\n");
  const auto b = line("bY" + to_hex(with_crc(frame_format::b, frame).value()) + "80f0\r\n");
  const auto make = [] { return std::make_unique<stick_cul>(stick_cul::mode::t); };
  hears_two(make, a, line("V 1.67\r\n\n"));
  hears_two(make, b, line("\r\n"));
  stick_cul s{stick_cul::mode::c};
  CHECK(listen(s, a, 100).at(0).rssi == -82);
  CHECK(listen(s, line("b0d44\r\nbzz\r\n"), 100).empty());
  CHECK(s.damaged() == 2);
  CHECK(as_text(s.configure()) == "X21\r\nbrc\r\n");
}

TEST_CASE("rtl-wmbus", "[wmbus]") {
  const auto text = "C1;1;1;2026-05-14 22:00:01.000;47;148;12345678;0x" + to_hex(frame) + "\n";
  hears_two([] { return std::make_unique<stick_rtl_wmbus>(); }, line(text), line("# started\n\n"));
  stick_rtl_wmbus s;
  CHECK(listen(s, line(text), 100).at(0).rssi == -60);
  CHECK(listen(s, line("T1;0;1;t;1;1;1;0x" + to_hex(frame) + "\n"), 100).empty());
  CHECK(listen(s, line("T1;1;1;t;1;1;1;0x0d44\nT1;1;1\n"), 100).empty());
  CHECK(s.damaged() == 3);
  CHECK(s.configure().empty());
}

TEST_CASE("endless noise is dropped", "[wmbus]") {
  stick_rtl_wmbus s;
  CHECK(listen(s, bytes(10 * max_stick_message, 'x'), 100).empty());
  CHECK(s.damaged() > 0);
}
