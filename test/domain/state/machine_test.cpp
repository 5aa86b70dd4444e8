// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "domain/state/machine.hpp"

#include "domain/lists.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace smgw;
using namespace smgw::lists;
using state::condition;
using state::machine;
using state::operating;

namespace {
const auto now = at("2026-06-01T12:00:00+02:00");

std::vector<condition> all_conditions() {
  std::vector<condition> all;
  for (std::size_t i = 0; i < state::condition_count; ++i) all.push_back(static_cast<condition>(i));
  return all;
}
}  // namespace

TEST_CASE("each condition leads into its state, and from normal there is one transition", "[FPT_FLS.1]") {
  for (const auto c : all_conditions()) {
    machine m;
    const auto when = c == condition::partition_faulty ? now + state::partition_tolerance : now;
    auto t = m.raise(c, now);
    if (!t) t = m.tick(when);
    INFO(to_string(c));
    REQUIRE(t);
    CHECK(*t == state::transition{operating::normal, state::leads_to(c), c, when});
    CHECK(m.now_in() == state::leads_to(c));
    CHECK_FALSE(m.raise(c, when));
    CHECK(m.holding() == std::vector{c});
  }
}

TEST_CASE("the most severe state counts, in whatever order conditions come", "[FPT_FLS.1]") {
  const auto all = all_conditions();
  for (const auto a : all)
    for (const auto b : all) {
      machine m;
      (void)m.raise(a, now - state::partition_tolerance);
      (void)m.raise(b, now - state::partition_tolerance);
      (void)m.tick(now);
      CHECK(m.now_in() == std::max(state::leads_to(a), state::leads_to(b)));
    }
}

TEST_CASE("a state is left when its last condition is gone; those of the boot only by a restart") {
  machine m;
  CHECK(m.raise(condition::time_invalid, now)->to == operating::measurement);
  CHECK(m.raise(condition::clock_deviation, now)->to == operating::application);
  const auto back = m.clear(condition::clock_deviation, now + 1s);
  CHECK(*back ==
        state::transition{operating::application, operating::measurement, condition::clock_deviation, now + 1s});
  CHECK(m.clear(condition::time_invalid, now + 2s)->to == operating::normal);
  CHECK_FALSE(m.clear(condition::time_invalid, now + 3s));
  for (const auto c : all_conditions()) {
    machine n;
    (void)n.raise(c, now);
    (void)n.tick(now + state::partition_tolerance);
    (void)n.clear(c, now + state::partition_tolerance);
    CHECK(n.now_in() == (state::is_latched(c) ? state::leads_to(c) : operating::normal));
  }
}

TEST_CASE("a faulty inactive partition is tolerated for 30 days") {
  machine m;
  CHECK_FALSE(m.raise(condition::partition_faulty, now));
  CHECK(m.next_deadline() == now + 30 * 24h);
  CHECK_FALSE(m.tick(now + 30 * 24h - 1ms));
  CHECK(m.tick(now + 30 * 24h)->to == operating::boot);
  CHECK_FALSE(m.next_deadline());
  machine repaired;
  (void)repaired.raise(condition::partition_faulty, now);
  (void)repaired.clear(condition::partition_faulty, now + 29 * 24h);
  CHECK_FALSE(repaired.tick(now + 40 * 24h));
  CHECK_FALSE(repaired.next_deadline());
}

TEST_CASE("what each state allows: measuring goes on while only the time is wrong; administration nearly always") {
  CHECK(state::allowed_in(operating::normal) == state::permissions{});
  CHECK(state::allowed_in(operating::measurement) == state::permissions{});
  for (const auto s : {operating::application, operating::connectivity, operating::boot}) {
    const auto p = state::allowed_in(s);
    CHECK(p.administer);
    CHECK_FALSE(p.deliver);
    CHECK_FALSE(p.home);
    CHECK_FALSE(p.proxy);
    CHECK(p.measure == (s == operating::connectivity));
  }
  CHECK(state::allowed_in(operating::rebooting) == state::permissions{false, false, false, false, false});
}

TEST_CASE("values are marked as the state is") {
  machine m;
  CHECK(status::bits(m.marks()) == 0);
  (void)m.raise(condition::time_invalid, now);
  CHECK(status::bits(m.marks()) == status::time_not_valid);
  (void)m.raise(condition::separation_lost, now);
  CHECK(status::bits(m.marks()) == (status::time_not_valid | status::warning));
  (void)m.raise(condition::log_storage, now);
  CHECK(status::bits(m.marks()) == (status::time_not_valid | status::gateway_error));
}
