// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#include "protocols/mbus/calendar.hpp"

#include "base/hex.hpp"
#include "base/time_text.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace smgw;
using namespace smgw::mbus;

namespace {
calendar read(std::string_view hex) { return read_calendar(from_hex(hex).value()).value(); }
std::string text(std::string_view hex) {
  const auto t = as_utc(read(hex));
  return t ? to_iso8601(*t) : "none";
}
}  // namespace

TEST_CASE("types F, G, I and J", "[mbus]") {
  CHECK(text("bf2c") == "2021-12-31T00:00:00Z");
  CHECK(text("0813cf29") == "2022-09-15T19:08:00Z");
  CHECK(text("3b3bb36b2a00") == "2019-10-11T19:59:59Z");
  CHECK(text("22484136") == "2026-06-01T08:34:00Z");  // hundred-year field 2, as a water meter sends it
  CHECK(text("00206119") == "2011-09-01T00:00:00Z");
  const auto time = read("3b3b17");
  CHECK(time.valid);
  CHECK_FALSE(time.has_date);
  CHECK(time.hour == 23);
  CHECK(as_utc(time).error().code == errc::conflict);
}

TEST_CASE("centuries", "[mbus]") {
  CHECK(text("61c1") == "1999-01-01T00:00:00Z");
  CHECK(read("01a1").year == 2080);
  CHECK(read("21a1").year == 1981);
}

TEST_CASE("invalid and repeating dates are not dates", "[mbus]") {
  for (const auto* hex : {"ffff", "0000", "e02c", "bf2d", "1f22", "80131f2c", "3c13cf29", "08183f2c", "3b8033cf2900"})
    CHECK_FALSE(read(hex).valid);
  CHECK(read_calendar(from_hex("0102030405").value()).error().code == errc::unsupported);
}

TEST_CASE("what is written is read again", "[mbus]") {
  for (const auto* when : {"2026-05-14T22:01:00Z", "1999-12-31T23:59:00Z", "2024-02-29T00:00:00Z"}) {
    const auto t = parse_iso8601(when).value();
    for (const std::size_t octets : {4U, 6U})
      CHECK(as_utc(read_calendar(write_calendar(from_utc(t), octets)).value()).value() == t);
    CHECK(as_utc(read_calendar(write_calendar(from_utc(t), 2)).value()).value() ==
          std::chrono::floor<std::chrono::days>(t));
  }
}
