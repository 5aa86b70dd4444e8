// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "domain/lifecycle/phase.hpp"

#include <catch2/catch_test_macros.hpp>

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

TEST_CASE("what a gateway may do in each phase of its life") {
  using state::permissions;
  CHECK(allowed_in(phase::in_operation) == permissions{});
  for (const auto p : {phase::manufactured, phase::decommissioned})
    CHECK(allowed_in(p) == state::allowed_in(state::operating::rebooting));
  CHECK(allowed_in(phase::delivered) == state::allowed_in(state::operating::boot));
}
