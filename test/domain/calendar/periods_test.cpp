// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "domain/calendar/periods.hpp"

#include "domain/lists.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace smgw;
using namespace smgw::lists;
using calendar::periods;
using calendar::span;

namespace {
const auto berlin = calendar::legal_time::load().value();
}

TEST_CASE("a span has exactly one length") {
  CHECK(span{.months = 1}.valid());
  CHECK(span{.seconds = 5s}.valid());
  CHECK_FALSE(span{}.valid());
  CHECK_FALSE(span{.months = 1, .days = 1}.valid());
  CHECK_FALSE(span{.seconds = -5s}.valid());
}

TEST_CASE("months begin at local midnight") {
  const periods monthly{{.months = 1}, at("2026-01-01T00:00:00+01:00"), berlin};
  CHECK(monthly.next(at("2026-01-01T00:00:00+01:00")) == at("2026-02-01T00:00:00+01:00"));
  CHECK(monthly.next(at("2026-03-31T23:59:59+02:00")) == at("2026-04-01T00:00:00+02:00"));
  CHECK(monthly.current(at("2026-04-01T00:00:00+02:00")) == at("2026-04-01T00:00:00+02:00"));
  CHECK(monthly.current(at("2025-11-17T08:00:00Z")) == at("2025-11-01T00:00:00+01:00"));
  const periods yearly{{.months = 12}, at("2024-02-29T00:00:00+01:00"), berlin};
  CHECK(yearly.next(at("2024-02-29T00:00:00+01:00")) == at("2025-02-28T00:00:00+01:00"));
  CHECK(yearly.next(at("2028-02-01T00:00:00+01:00")) == at("2028-02-29T00:00:00+01:00"));
}

TEST_CASE("an anchor on the 31st means the last day of shorter months") {
  const periods monthly{{.months = 1}, at("2026-01-31T00:00:00+01:00"), berlin};
  CHECK(monthly.next(at("2026-01-31T00:00:00+01:00")) == at("2026-02-28T00:00:00+01:00"));
  CHECK(monthly.next(at("2026-02-28T00:00:00+01:00")) == at("2026-03-31T00:00:00+02:00"));
}

TEST_CASE("days and seconds") {
  const periods daily{{.days = 1}, at("2026-01-01T00:00:00+01:00"), berlin};
  CHECK(daily.next(at("2026-10-24T22:00:00Z")) == at("2026-10-25T23:00:00Z"));
  CHECK(daily.current(at("2026-10-25T22:59:59Z")) == at("2026-10-24T22:00:00Z"));
  const periods short_ones{{.seconds = 5s}, at("2026-01-01T00:00:03Z"), berlin};
  CHECK(short_ones.next(at("2026-01-01T00:00:03Z")) == at("2026-01-01T00:00:05Z"));
  CHECK(short_ones.current(at("2026-01-01T00:00:05Z")) == at("2026-01-01T00:00:05Z"));
  CHECK(short_ones.current(at("1969-12-31T23:59:57Z")) == at("1969-12-31T23:59:55Z"));
  CHECK(short_ones.current(at("1969-12-31T23:59:55Z")) == at("1969-12-31T23:59:55Z"));
}

TEST_CASE("boundaries cut time without holes") {
  std::mt19937 random{3};
  for (const auto length :
       {span{.months = 1}, span{.months = 3}, span{.days = 1}, span{.days = 7}, span{.seconds = 60s}}) {
    const periods p{length, at("2026-01-31T00:00:00+01:00"), berlin};
    for (int i = 0; i < 300; ++i) {
      const auto t = at("2020-01-01T00:00:00Z") + seconds{random() % 400'000'000U};
      REQUIRE(p.current(t) <= t);
      REQUIRE(p.next(t) > t);
      REQUIRE(p.next(p.current(t)) == p.next(t));
      REQUIRE(p.current(p.next(t) - 1ms) == p.current(t));
    }
  }
}
