// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include <smgw/testkit/explorer.hpp>

#include <catch2/catch_test_macros.hpp>

#include <cstdlib>

using namespace smgw;
using namespace std::chrono_literals;
using testkit::fault;

namespace {

constexpr auto meter = "1SMG0000000001";

void two_hours(testkit::world& w) {
  w.add_meter(meter);
  w.add_evaluation(7, meter);
  w.start();
  w.live(2h);
}

testkit::exploration of(std::function<void(testkit::world&)> scenario) {
  testkit::exploration e;
  e.scenario = std::move(scenario);
  // SMGW_FAULT='kill outbox @ 17' plays one run again; SMGW_FAULTS=5000 tries more than the test has time for
  if (const char* one = std::getenv("SMGW_FAULT"); one != nullptr) e.only = *fault::parse(one);
  const char* runs = std::getenv("SMGW_FAULTS");
  e.max_runs = runs == nullptr ? 24 : std::strtoul(runs, nullptr, 10);
  return e;
}

}  // namespace

TEST_CASE("faults anywhere in two hours of quarter hours: every value arrives once, and the logs verify") {
  const auto done = testkit::explore(of(two_hours));
  for (const auto& line : done.unharmed) FAIL_CHECK(line);
  for (const auto& b : done.broken)
    for (const auto& line : b.findings) FAIL_CHECK(b.by.text() << ": " << line);
  CHECK(done.steps == 24);
  CHECK(done.possible == 24 * (5 + 9));
  CHECK(done.runs >= 1);
}

TEST_CASE("the explorer finds what is lost: a participant that acknowledges a delivery and forgets it") {
  const auto done = testkit::explore(of([](testkit::world& w) {
    two_hours(w);
    w.lose_next_delivery();
    w.live(2h);
  }));
  REQUIRE_FALSE(done.unharmed.empty());
  CHECK(done.unharmed.front().find("was not delivered") != std::string::npos);
  CHECK(done.runs == 0);
}

TEST_CASE("a scenario that breaks off is a finding, not a crash of the explorer") {
  const auto done = testkit::explore(of([](testkit::world& w) { w.add_evaluation(7, meter); }));
  REQUIRE(done.unharmed.size() == 1);
  CHECK(done.unharmed.front() == "the scenario broke off: no such meter: 1SMG0000000001");
}

TEST_CASE("a fault is told in words that play it again") {
  for (const auto* text : {"crash @ 0", "kill link port-1SMG0000000001 @ 17", "market silent @ 3", "babble @ 9999"}) {
    const auto f = fault::parse(text);
    REQUIRE(f);
    CHECK(f->text() == text);
  }
  for (const auto* text : {"", "crash", "crash @", "crash @ x", "kill @ 3", "kill  @ 3", "sleep @ 1", "@ 1"}) {
    const auto f = fault::parse(text);
    REQUIRE_FALSE(f);
    CHECK(f.error().code == errc::malformed);
  }
}
