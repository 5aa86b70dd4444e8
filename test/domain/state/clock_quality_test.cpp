// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "domain/state/clock_quality.hpp"

#include "domain/lists.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace smgw;
using namespace smgw::lists;
using state::clock_event;
using state::clock_quality;

TEST_CASE("the limit is 3 % of the smallest registration period", "[FPT_STM.1]") {
  const std::array periods{3600s, 900s, 1800s};
  CHECK(state::clock_limit(periods) == 27s);
  CHECK(state::clock_limit({}) == 27s);
  CHECK(state::clock_limit(std::array{3600s}) == 108s);
  CHECK(state::clock_limit(std::array{60s, 900s}) == 1800ms);
}

TEST_CASE("unknown, synchronised, holdover, invalid", "[FPT_STM.1]") {
  const auto limit = 27'000ms;
  CHECK(state::judge({}, limit) == clock_quality::unknown);
  CHECK(state::judge({.error_bound = 20ms, .since_answer = 1h}, limit) == clock_quality::synchronised);
  CHECK(state::judge({.error_bound = 5s, .since_answer = 25h}, limit) == clock_quality::holdover);
  CHECK(state::judge({.error_bound = 27s, .since_answer = 200h}, limit) == clock_quality::holdover);
  CHECK(state::judge({.error_bound = 27'001ms, .since_answer = 1h}, limit) == clock_quality::invalid);
  // values are marked where nobody may rely on the time
  CHECK(state::marks_values(clock_quality::unknown));
  CHECK_FALSE(state::marks_values(clock_quality::synchronised));
  CHECK_FALSE(state::marks_values(clock_quality::holdover));
  CHECK(state::marks_values(clock_quality::invalid));
}

TEST_CASE("what enters the calibration log: validity that comes or goes, and steps beyond the limit") {
  using q = clock_quality;
  CHECK(state::event_of(q::unknown, q::synchronised, 10'000h, 27s) == clock_event::became_valid);
  CHECK(state::event_of(q::synchronised, q::synchronised, 26s, 27s) == clock_event::none);
  CHECK(state::event_of(q::synchronised, q::synchronised, -28s, 27s) == clock_event::set_beyond_limit);
  CHECK(state::event_of(q::invalid, q::synchronised, 40s, 27s) == clock_event::set_beyond_limit);
  CHECK(state::event_of(q::invalid, q::synchronised, 1s, 27s) == clock_event::became_valid);
  CHECK(state::event_of(q::holdover, q::invalid, 0s, 27s) == clock_event::became_invalid);
  CHECK(state::event_of(q::synchronised, q::holdover, 0s, 27s) == clock_event::none);
}
