// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "protocols/hdlc/frame.hpp"

#include "base/hex.hpp"
#include "base/octets.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace smgw;
using namespace smgw::hdlc;

namespace {

const address gateway{1, 1};
const address meter{1, 3};

bytes encoded(std::uint8_t control, bytes_view information = {}) {
  bytes out;
  REQUIRE(put_frame(out, {meter, gateway, control, information}));
  return out;
}
bytes without_flags(const bytes& f) { return {f.begin() + 1, f.end() - 1}; }

std::size_t feed(frame_reader& reader, bytes_view in, time_point now = {}) {
  std::size_t found = 0;
  while (reader.next(in, now)) ++found;
  CHECK(in.empty());
  return found;
}

}  // namespace

TEST_CASE("a frame without information has one check sequence", "[hdlc][REQ.TLSHDLC.SMGW.20]") {
  const auto snrm = encoded(control::snrm);
  // format A0 09, destination 1/3, source 1/1, control; the check sequence as the polynomial gives it
  CHECK(to_hex(snrm).starts_with("7ea0090207020393"));
  CHECK(snrm.size() == 11);
  const auto f = decode(without_flags(snrm));
  REQUIRE(f);
  CHECK(f->destination == meter);
  CHECK(f->source == gateway);
  CHECK(f->control == control::snrm);
  CHECK(f->information.empty());
}

TEST_CASE("information of up to 2034 octets goes in one frame", "[hdlc][REQ.TLSHDLC.SMGW.20]") {
  for (const std::size_t n : {1U, 2U, 125U, 246U, 2033U, 2034U}) {
    const bytes information(n, 0x7E);  // no stuffing, no escapes
    const auto octets = encoded(control::information(3, 5), information);
    CHECK(octets.size() == n + 13);
    frame_reader reader;
    bytes_view in = octets;
    const auto f = reader.next(in, {});
    REQUIRE(f);
    CHECK(bytes(f->information.begin(), f->information.end()) == information);
    CHECK(f->control == 0xB6);
  }
  bytes out;
  CHECK(put_frame(out, {meter, gateway, control::ui, bytes(2035)}).error().code == errc::exhausted);
  CHECK(out.empty());
}

TEST_CASE("what is not a frame is refused", "[hdlc]") {
  const auto good = without_flags(encoded(control::information(0, 0), bytes{1, 2, 3}));
  for (std::size_t n = 0; n < good.size(); ++n)
    CHECK(decode(bytes_view{good}.first(n)).error().code == errc::truncated);
  auto longer = good;
  longer.push_back(0);
  CHECK(decode(longer).error().code == errc::malformed);
  for (std::size_t bit = 0; bit < good.size() * 8; ++bit) {
    auto bad = good;
    bad[bit / 8] ^= static_cast<std::uint8_t>(1U << (bit % 8));
    CHECK_FALSE(decode(bad));
  }
  for (const auto* text : {"9009020702039300 00", "a809020702039300 00"}) {
    std::string hex = text;
    std::erase(hex, ' ');
    CHECK(decode(*from_hex(hex)).error().code == errc::malformed);
  }
}

TEST_CASE("frames are found in any chunks, between garbage, and with one flag between two", "[hdlc]") {
  const auto a = encoded(control::snrm);
  const auto b = encoded(control::information(0, 0), bytes(300, 0x7E));
  bytes line{0x00, 0x7E, 0x7E, 0xA0, 0x12, 0x34};
  put(line, a);
  put(line, bytes_view{b}.subspan(1));  // shared flag
  put(line, bytes{0x7E, 0x7E, 0xFF});
  put(line, a);
  for (const std::size_t step : {std::size_t{1}, std::size_t{5}, std::size_t{100}, line.size()}) {
    frame_reader reader;
    std::size_t found = 0;
    for (std::size_t i = 0; i < line.size(); i += step)
      found += feed(reader, bytes_view{line}.subspan(i, std::min(step, line.size() - i)));
    CHECK(found == 3);
    CHECK_FALSE(reader.wake_at());
  }
}

TEST_CASE("a broken header does not hold the line up", "[hdlc]") {
  const auto good = encoded(control::snrm);
  auto broken = encoded(control::information(0, 0), bytes(2000, 0x55));
  broken[3] ^= 0x04;  // an address; the length still says 2013
  bytes line{broken.begin(), broken.begin() + 20};
  put(line, good);
  frame_reader reader;
  CHECK(feed(reader, line) == 1);
  CHECK(reader.dropped(drop::check) == 1);
}

TEST_CASE("faults behind the header are told apart", "[hdlc]") {
  frame_reader reader;
  auto fcs = encoded(control::information(0, 0), bytes{1, 2, 3});
  fcs[11] ^= 1;
  CHECK(feed(reader, fcs) == 0);
  CHECK(reader.dropped(drop::check) == 1);
  auto end = encoded(control::snrm);
  end.back() = 0x00;
  CHECK(feed(reader, end) == 0);
  CHECK(reader.dropped(drop::no_flag) == 1);
  CHECK(feed(reader, *from_hex("7ea00a00")) == 0);
  CHECK(reader.dropped(drop::format) == 1);
  CHECK(feed(reader, encoded(control::snrm)) == 1);
}

TEST_CASE("a torn frame is given up after a silence", "[hdlc]") {
  const auto good = encoded(control::information(0, 0), bytes(50, 0x11));
  frame_reader reader;
  const time_point now{};
  CHECK(feed(reader, bytes_view{good}.first(30), now) == 0);
  CHECK(reader.wake_at() == now + default_silence);
  reader.tick(now + default_silence);
  CHECK(reader.dropped(drop::silent) == 1);
  CHECK(feed(reader, good, now + default_silence) == 1);
}
