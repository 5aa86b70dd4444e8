// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "protocols/dlms/date_time.hpp"

#include "base/time_text.hpp"
#include "protocols/dlms/samples.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace smgw;
using namespace smgw::dlms;
using samples::hex;

TEST_CASE("a date-time is an instant when the deviation is given") {
  const auto t = read_date_time(hex("07e70b01030c0c1300ffc400"));
  REQUIRE(t);
  CHECK(t->deviation == -60);
  CHECK(to_iso8601(*t->utc()) == "2023-11-01T11:12:19Z");
  CHECK_FALSE(t->daylight_saving());
  CHECK(to_octets(*t) == std::array<std::uint8_t, 12>{0x07, 0xE7, 0x0B, 1, 3, 12, 12, 19, 0, 0xFF, 0xC4, 0});
  const auto summer = read_date_time(hex("07e704010615202300ff8880"));
  CHECK(to_iso8601(*summer->utc()) == "2023-04-01T19:32:35Z");
  CHECK(summer->daylight_saving());
}

TEST_CASE("open fields stay open") {
  const auto t = read_date_time(hex("07e30c1001073b28ff8000ff"));
  REQUIRE(t);
  CHECK_FALSE(t->hundredths);
  CHECK_FALSE(t->deviation);
  CHECK_FALSE(t->utc());
  CHECK_FALSE(t->daylight_saving());
  const auto open = read_date_time(hex("ffffffffffffffffff8000ff"));
  REQUIRE(open);
  CHECK(to_hex(to_octets(*open)) == "ffffffffffffffffff8000ff");
  CHECK(read_date_time(hex("07e6fdfeff02000000800000")));
  const auto no_weekday = read_date_time(hex("07e30c1000073b28ff8000ff"));  // 0 instead of FF
  REQUIRE(no_weekday);
  CHECK_FALSE(no_weekday->weekday);
  CHECK(no_weekday->day == 16);
}

TEST_CASE("impossible times are refused") {
  for (const auto* text : {"", "07e30c1001073b28ff8000", "07e30d1001073b28ff8000ff", "07e3002001073b28ff8000ff",
                           "07e30c1001183b28ff8000ff", "07e30c10013c3c28ff8000ff", "07e30c1001073b3cff8000ff",
                           "07e30c1001073b28640000ff", "07e30c1001073b28000400ff", "07e30c1008073b28ff8000ff"})
    CHECK(read_date_time(hex(text)).error().code == errc::malformed);
  CHECK_FALSE(read_date_time(hex("07e6021e01000000000000ff"))->utc());  // 30 February
}
