// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "domain/schedule/weekly.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace smgw;
using namespace smgw::schedule;
using namespace std::chrono;
using namespace std::chrono_literals;

namespace {

const auto zone = *calendar::legal_time::load();
constexpr std::bitset<7> workdays{0b0011111}, every_day{0b1111111}, sunday{0b1000000}, monday{0b1};

timestamp at(local_days day, seconds time) { return zone.to_utc(local_seconds{day} + time); }
constexpr local_days a_monday{2026y / 6 / 1};

}  // namespace

TEST_CASE("without windows it is always open, and never opens") {
  CHECK(open_until({}, at(a_monday, 3h), zone) == timestamp::max());
  CHECK(next_opening({}, at(a_monday, 3h), zone) == timestamp::max());
}

TEST_CASE("a window is open from its first instant, and closed at its last") {
  const weekly w{{{workdays, 6h, 22h}}};
  CHECK_FALSE(open_until(w, at(a_monday, 6h) - 1ms, zone));
  CHECK(open_until(w, at(a_monday, 6h), zone) == at(a_monday, 22h));
  CHECK(open_until(w, at(a_monday, 22h) - 1ms, zone) == at(a_monday, 22h));
  CHECK_FALSE(open_until(w, at(a_monday, 22h), zone));
  CHECK(next_opening(w, at(a_monday, 6h) - 1ms, zone) == at(a_monday, 6h));
  CHECK(next_opening(w, at(a_monday, 6h), zone) == at(a_monday + days{1}, 6h));
  // from Friday evening it is closed until Monday
  CHECK(next_opening(w, at(a_monday + days{4}, 22h), zone) == at(a_monday + days{7}, 6h));
  CHECK_FALSE(open_until(w, at(a_monday + days{5}, 12h), zone));
}

TEST_CASE("an end that is not later than the beginning is one of the next day") {
  const weekly night{{{sunday, 22h, 6h}}};
  CHECK(open_until(night, at(a_monday, 5h), zone) == at(a_monday, 6h));
  CHECK(open_until(night, at(a_monday - days{1}, 23h), zone) == at(a_monday, 6h));
  CHECK_FALSE(open_until(night, at(a_monday, 23h), zone));
  const weekly whole_day{{{monday, 0h, 0h}}};
  CHECK(open_until(whole_day, at(a_monday, 0h), zone) == at(a_monday + days{1}, 0h));
  CHECK_FALSE(open_until(whole_day, at(a_monday, 0h) - 1ms, zone));
}

TEST_CASE("windows without a gap are one, in whatever order they stand") {
  const weekly two{{{monday, 12h, 18h}, {monday, 6h, 12h}}};
  CHECK(open_until(two, at(a_monday, 7h), zone) == at(a_monday, 18h));
  const weekly overlapping{{{monday, 10h, 11h}, {monday, 6h, 12h}}};
  CHECK(open_until(overlapping, at(a_monday, 10h + 30min), zone) == at(a_monday, 12h));
  const weekly always{{{every_day, 0h, 0h}}};
  CHECK(open_until(always, at(a_monday, 7h), zone) == timestamp::max());
}

TEST_CASE("windows are in legal time, over both changes of it") {
  const weekly night{{{every_day, 1h, 5h}}};
  const auto spring = local_days{2026y / 3 / 29}, autumn = local_days{2026y / 10 / 25};
  CHECK(*open_until(night, at(spring, 1h), zone) - at(spring, 1h) == 3h);
  CHECK(*open_until(night, at(autumn, 1h), zone) - at(autumn, 1h) == 5h);
}
