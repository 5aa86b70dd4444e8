// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "domain/lifecycle/phase.hpp"

#include <catch2/catch_test_macros.hpp>

#include <algorithm>
#include <set>
#include <tuple>

using namespace smgw;
using namespace smgw::lifecycle;

TEST_CASE("a gateway's life goes one way; every other step is refused") {
  using triple = std::tuple<phase, step, phase>;
  const std::set<triple> allowed{{phase::manufactured, step::deliver, phase::delivered},
                                 {phase::delivered, step::commission, phase::in_operation},
                                 {phase::delivered, step::decommission, phase::decommissioned},
                                 {phase::in_operation, step::decommission, phase::decommissioned}};
  std::size_t found = 0;
  for (const auto from : all_phases)
    for (const auto by : all_steps) {
      const auto to = next(from, by);
      if (to) {
        CHECK(allowed.contains({from, by, *to}));
        ++found;
      } else {
        CHECK(to.error().code == errc::conflict);
      }
    }
  CHECK(found == allowed.size());
}

TEST_CASE("the phase is kept; damage opens nothing") {
  for (const auto p : all_phases) CHECK(decode(encode(p)) == p);
  CHECK(decode({}) == phase::in_operation);
  CHECK(decode(bytes{}) == phase::decommissioned);
  CHECK(decode(bytes{7}) == phase::decommissioned);
  CHECK(decode(bytes{1, 1}) == phase::decommissioned);
}

TEST_CASE("what a gateway may do in each phase and secure state") {
  const auto count = [](phase p, secure_state s) {
    return std::ranges::count_if(all_abilities, [&](ability a) { return may(p, s, a); });
  };
  CHECK(count(phase::in_operation, secure_state::normal) == 5);
  CHECK(count(phase::manufactured, secure_state::normal) == 0);
  CHECK(count(phase::decommissioned, secure_state::normal) == 0);
  CHECK(count(phase::delivered, secure_state::normal) == 1);
  CHECK(may(phase::delivered, secure_state::normal, ability::administration));
  // Only what repairs is left.
  for (const auto s : {secure_state::boot, secure_state::application}) {
    CHECK(count(phase::in_operation, s) == 1);
    CHECK(may(phase::in_operation, s, ability::administration));
  }
  // The ports of the home network go off, nothing else.
  CHECK_FALSE(may(phase::in_operation, secure_state::connectivity, ability::display));
  CHECK_FALSE(may(phase::in_operation, secure_state::connectivity, ability::proxy));
  CHECK(may(phase::in_operation, secure_state::connectivity, ability::measuring));
  CHECK(count(phase::in_operation, secure_state::measurement) == 5);
}

TEST_CASE("the gravest condition decides") {
  CHECK(judge({}) == secure_state::normal);
  CHECK(judge({.time_not_valid = true}) == secure_state::measurement);
  CHECK(judge({.separation_lost = true, .time_not_valid = true}) == secure_state::connectivity);
  CHECK(judge({.clock_deviates = true, .separation_lost = true}) == secure_state::application);
  CHECK(judge({.storage_low = true}) == secure_state::application);
  CHECK(judge({.calibration_full = true, .storage_low = true}) == secure_state::boot);
  CHECK(judge({.integrity_lost = true}) == secure_state::boot);
}
