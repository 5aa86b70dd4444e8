// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "domain/timekeeping/keeper.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace smgw;
using namespace smgw::timekeeping;
using namespace std::chrono_literals;

namespace {

constexpr timestamp noon{std::chrono::sys_days{std::chrono::year{2026} / 3 / 1} + 12h};

}  // namespace

TEST_CASE("the time is not valid before the first answer, and is set by it whatever the clock said") {
  keeper k({}, {});
  CHECK_FALSE(k.valid(5s));
  CHECK_FALSE(k.error(5s));
  CHECK(k.take(timestamp{} + 5s, noon - timestamp{}, 40ms, 5s, 1, 7) == verdict::first_setting);
  CHECK(k.valid(5s));
  CHECK(timestamp{k.known()->offset + 5s} == noon + 5s);
}

TEST_CASE("the reserve: the bound of the error grows with time, and ends at the limit") {
  keeper k({.limit = 27s, .drift_ppm = 50}, {});
  (void)k.take(noon, 0ms, 100ms, 0s, 1, 0);
  CHECK(k.error(0s) == 101ms);
  CHECK(k.error(1h) == 281ms);  // 50 ppm of 3600 s
  CHECK(k.valid(24h * 6));
  CHECK_FALSE(k.valid(24h * 7));
  const auto end = *k.valid_until();
  CHECK(k.valid(end));
  CHECK_FALSE(k.valid(end + 1min));
}

TEST_CASE("a correction beyond the limit is for the calibration log; after the reserve it is a first setting") {
  keeper k({.limit = 27s}, {});
  (void)k.take(noon, 0ms, 10ms, 0s, 1, 0);
  CHECK(k.take(noon, 27s, 10ms, 1h, 1, 0) == verdict::corrected);
  CHECK(k.take(noon, -27'001ms, 10ms, 2h, 1, 0) == verdict::set);
  CHECK(k.take(noon, 1ms, 10ms, 24h * 30, 1, 0) == verdict::first_setting);
}

TEST_CASE("what is kept holds for this start of the machine only") {
  const state s{noon.time_since_epoch(), 12345ms, 42ms, 2, 0x01020304};
  const auto stored = encode(s, "boot-1");
  CHECK(decode(stored, "boot-1") == s);
  CHECK_FALSE(decode(stored, "boot-2"));
  CHECK_FALSE(decode(stored, ""));
  CHECK_FALSE(decode({}, "boot-1"));
  auto cut = stored;
  cut.resize(20);
  CHECK_FALSE(decode(cut, "boot-1"));
  keeper k({}, decode(stored, "boot-1"));
  CHECK(k.valid(1h));
}
