// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "domain/schedule/dispatch.hpp"

#include "domain/lists.hpp"

#include <catch2/catch_test_macros.hpp>

#include <set>

using namespace smgw;
using namespace smgw::lists;
using schedule::plan;

namespace {
const auto berlin = calendar::legal_time::load().value();
timestamp next(const plan& p, std::string_view from, std::uint64_t seed = 1) {
  return schedule::next_dispatch(p, at(from), berlin, seed);
}
}  // namespace

TEST_CASE("fixed times of the local day") {
  const plan p{.times = {6h, 18h}};
  CHECK(next(p, "2026-07-01T00:00:00Z") == at("2026-07-01T06:00:00+02:00"));
  CHECK(next(p, "2026-07-01T04:00:00Z") == at("2026-07-01T06:00:00+02:00"));
  CHECK(next(p, "2026-07-01T04:00:01Z") == at("2026-07-01T18:00:00+02:00"));
  CHECK(next(p, "2026-07-01T16:00:01Z") == at("2026-07-02T06:00:00+02:00"));
  CHECK(next(p, "2026-12-31T23:30:00+01:00") == at("2027-01-01T06:00:00+01:00"));
}

TEST_CASE("without times a dispatch leaves at once; on a grid at its next instant") {
  CHECK(next({}, "2026-07-01T00:00:07Z") == at("2026-07-01T00:00:07Z"));
  CHECK(next({.every = 10s}, "2026-07-01T00:00:07Z") == at("2026-07-01T00:00:10Z"));
  CHECK(next({.every = 10s}, "2026-07-01T00:00:10Z") == at("2026-07-01T00:00:10Z"));
}

TEST_CASE("jitter spreads gateways, repeats for one of them, and never leads before the fixed time") {
  const plan p{.times = {23h + 55min}, .jitter = 10min};
  std::set<timestamp> seen;
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    const auto t = next(p, "2026-07-01T12:00:00+02:00", seed);
    CHECK(t >= at("2026-07-01T23:55:00+02:00"));
    CHECK(t <= at("2026-07-02T00:05:00+02:00"));
    CHECK(next(p, "2026-07-01T12:00:00+02:00", seed) == t);
    // asked again after midnight but before its jittered time, it is still that dispatch
    if (t > at("2026-07-02T00:00:00+02:00")) CHECK(next(p, "2026-07-02T00:00:00+02:00", seed) == t);
    seen.insert(t);
  }
  CHECK(seen.size() > 150);
}

TEST_CASE("every dispatch comes once, in order") {
  const plan p{.times = {0h, 6h, 12h}, .jitter = 30min};
  auto t = at("2026-03-20T00:00:00Z");
  for (int i = 0; i < 90; ++i) {
    const auto due = schedule::next_dispatch(p, t, berlin, 42);
    REQUIRE(due >= t);
    t = due + 1ms;
  }
  CHECK(t > at("2026-04-18T00:00:00Z"));
  CHECK(t < at("2026-04-20T00:00:00Z"));
}

TEST_CASE("the retry doubles, is bounded, and begins anew after success") {
  schedule::backoff b{{.first = 1s, .limit = 60s}, 5};
  milliseconds bound{1s};
  for (int i = 0; i < 40; ++i) {
    const auto wait = b.failed();
    CHECK(wait >= bound / 2);
    CHECK(wait <= bound);
    bound = std::min<milliseconds>(2 * bound, 60s);
  }
  CHECK(b.failures() == 40);
  b.succeeded();
  CHECK(b.failures() == 0);
  CHECK(b.failed() <= 1s);
  schedule::backoff zero{{.first = 0ms, .limit = 0ms}};
  CHECK(zero.failed() >= 0ms);
  CHECK(zero.failed() <= 1ms);
}

TEST_CASE("two gateways do not retry in step") {
  schedule::backoff a{{}, 1};
  schedule::backoff b{{}, 2};
  int equal = 0;
  for (int i = 0; i < 20; ++i) equal += a.failed() == b.failed() ? 1 : 0;
  CHECK(equal < 3);
}
