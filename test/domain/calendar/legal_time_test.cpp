// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "domain/calendar/legal_time.hpp"

#include "domain/lists.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace smgw;
using namespace smgw::lists;

TEST_CASE("local days have 92, 96 or 100 quarter hours") {
  const auto berlin = calendar::legal_time::load().value();
  const auto quarters = [&](year_month_day day) {
    return (berlin.start_of(local_days{day} + days{1}) - berlin.start_of(local_days{day})) / 15min;
  };
  CHECK(quarters(2026y / 3 / 29) == 92);
  CHECK(quarters(2026y / 10 / 25) == 100);
  CHECK(quarters(2026y / 3 / 28) == 96);
  CHECK(quarters(2028y / 2 / 29) == 96);
  CHECK(berlin.start_of(local_days{2026y / 7 / 1}) == at("2026-06-30T22:00:00Z"));
  CHECK(berlin.next_midnight(at("2026-03-29T00:30:00Z")) == at("2026-03-29T22:00:00Z"));
  CHECK(berlin.next_midnight(at("2026-03-28T23:00:00Z")) == at("2026-03-29T22:00:00Z"));
}

TEST_CASE("hours that exist twice or not at all") {
  const auto berlin = calendar::legal_time::load().value();
  CHECK(berlin.to_utc(local_days{2026y / 10 / 25} + 2h + 30min) == at("2026-10-25T00:30:00Z"));
  CHECK(berlin.to_utc(local_days{2026y / 3 / 29} + 2h + 30min) == at("2026-03-29T01:00:00Z"));
  CHECK(berlin.to_local(at("2026-10-25T00:30:00Z")) == berlin.to_local(at("2026-10-25T01:30:00Z")));
}

TEST_CASE("the offset is right whichever way one jumps through time") {
  const auto berlin = calendar::legal_time::load().value();
  for (const auto* t :
       {"2026-01-15T12:00:00Z", "2026-07-15T12:00:00Z", "1999-12-31T23:30:00Z", "2040-07-01T00:00:00Z",
        "2026-03-29T00:59:59Z", "2026-03-29T01:00:00Z", "2026-10-25T00:59:59Z", "2026-10-25T01:00:00Z"}) {
    const auto fresh = calendar::legal_time::load().value();
    CHECK(berlin.to_local(at(t)) == fresh.to_local(at(t)));
  }
  CHECK(berlin.to_local(at("2026-07-15T12:00:00Z")) == local_days{2026y / 7 / 15} + 14h);
  CHECK(berlin.to_local(at("2026-01-15T12:00:00Z")) == local_days{2026y / 1 / 15} + 13h);
}

TEST_CASE("a zone that does not exist is refused") {
  CHECK(calendar::legal_time::load("Europe/Atlantis").error().code == errc::unavailable);
}
