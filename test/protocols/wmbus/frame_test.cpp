// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#include "protocols/wmbus/frame.hpp"

#include "base/hex.hpp"
#include "protocols/mbus/crc.hpp"
#include "protocols/wmbus/three_of_six.hpp"
#include "protocols/wmbus/transmit.hpp"

#include <catch2/catch_test_macros.hpp>

#include <array>

using namespace smgw;
using namespace smgw::wmbus;

namespace {
bytes hex(std::string_view text) { return from_hex(text).value(); }
expected<bytes> plain(frame_format f, bytes_view in) {
  std::array<std::uint8_t, max_frame> buffer;
  auto out = strip(f, in, buffer);
  if (!out) return std::unexpected{out.error()};
  return bytes(out->begin(), out->end());
}
bytes frame_of_size(std::size_t size) {
  bytes f(size);
  for (std::size_t i = 0; i < size; ++i) f[i] = static_cast<std::uint8_t>(i * 7);
  f[0] = static_cast<std::uint8_t>(size - 1);
  return f;
}
}  // namespace

TEST_CASE("CRC of EN 13757-4", "[wmbus]") {
  // A public capture: the first block of a water meter's frame.
  CHECK(mbus::crc_of(hex("6e440106202020260507")) == 0x8F1D);
  CHECK(mbus::crc_of({}) == 0xFFFF);
}

TEST_CASE("formats A and B of every length", "[wmbus][REQ.WMBUS.Unidirektional.36]") {
  for (std::size_t size = link_header + 1; size <= max_frame; ++size) {
    const auto frame = frame_of_size(size);
    const auto a = with_crc(frame_format::a, frame).value();
    CHECK(a.size() == frame_size(frame_format::a, a[0]));
    CHECK(plain(frame_format::a, a).value() == frame);
    CHECK(plain(frame_format::stripped, frame).value() == frame);
    const auto b = with_crc(frame_format::b, frame);
    if (size > max_frame - 4) {
      CHECK(b.error().code == errc::exhausted);
    } else {
      CHECK(b.value().size() == frame_size(frame_format::b, b.value()[0]));
      CHECK(plain(frame_format::b, *b).value() == frame);
    }
  }
}

TEST_CASE("every changed bit and every cut of a frame is noticed", "[wmbus][REQ.WMBUS.Unidirektional.40]") {
  const auto frame = frame_of_size(140);
  for (const auto f : {frame_format::a, frame_format::b}) {
    const auto good = with_crc(f, frame).value();
    for (std::size_t n = 0; n < good.size(); ++n)
      CHECK(plain(f, bytes_view{good}.first(n)).error().code == errc::truncated);
    for (std::size_t bit = 8; bit < 8 * good.size(); ++bit) {  // without L: another length is another frame
      auto bad = good;
      bad[bit / 8] = static_cast<std::uint8_t>(bad[bit / 8] ^ (1U << (bit % 8)));
      CHECK(plain(f, bad).error().code == errc::untrusted);
    }
  }
}

TEST_CASE("impossible lengths", "[wmbus]") {
  CHECK(plain(frame_format::a, hex("08")).error().code == errc::malformed);
  CHECK(plain(frame_format::a, hex("09440106868614000507")).error().code == errc::truncated);
  CHECK(plain(frame_format::b, hex("0a")).error().code == errc::malformed);
  CHECK(plain(frame_format::b, bytes(256, 0x80)).error().code == errc::malformed);
  std::array<std::uint8_t, 8> small;
  const auto frame = frame_of_size(20);
  CHECK(strip(frame_format::stripped, frame, small).error().code == errc::exhausted);
  CHECK(read_link(hex("0a44")).error().code == errc::truncated);
  CHECK(read_link(hex("0944010680868614000507")).error().code == errc::malformed);
}

TEST_CASE("the link layer's address", "[wmbus]") {
  const auto octets = hex("1e4401068686140005077a3500408580f6725c86064c907440a7dc713eaf1c");
  const auto link = read_link(octets).value();
  CHECK(link.control == 0x44);
  CHECK(mbus::id_text(link.sender) == "00148686");
  CHECK(mbus::manufacturer_text(link.sender.manufacturer) == "APA");
  CHECK(link.sender.version == 5);
  CHECK(link.sender.type == 7);
  CHECK(link.body[0] == 0x7A);
}

TEST_CASE("three out of six", "[wmbus][REQ.WMBUS.Unidirektional.30]") {
  for (std::size_t size = 0; size < 40; ++size) {
    bytes octets(size);
    for (std::size_t i = 0; i < size; ++i) octets[i] = static_cast<std::uint8_t>(i * 53 + size);
    const auto chips = encode_three_of_six(octets);
    std::array<std::uint8_t, 64> out;
    const auto back = decode_three_of_six(chips, out).value();
    CHECK(std::equal(back.begin(), back.end(), octets.begin(), octets.end()));
  }
  std::array<std::uint8_t, 4> out;
  CHECK(to_hex(encode_three_of_six(hex("0f"))) == "5a95");
  CHECK(decode_three_of_six(hex("ffff"), out).error().code == errc::malformed);
  CHECK(decode_three_of_six(bytes(9, 0x59), out).error().code == errc::exhausted);
}

TEST_CASE("each changed chip is noticed", "[wmbus][REQ.WMBUS.Unidirektional.30]") {
  const auto chips = encode_three_of_six(hex("0123456789abcdef"));
  std::array<std::uint8_t, 8> out;
  for (std::size_t bit = 0; bit < 8 * chips.size(); ++bit) {
    auto bad = chips;
    bad[bit / 8] = static_cast<std::uint8_t>(bad[bit / 8] ^ (0x80U >> (bit % 8)));
    CHECK(decode_three_of_six(bad, out).error().code == errc::malformed);
  }
}
