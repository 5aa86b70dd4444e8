// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "domain/retention/retention.hpp"

#include "domain/lists.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace smgw;
using namespace smgw::lists;
using retention::standing;

namespace {

const auto zone = calendar::legal_time::load().value();
const auto now = at("2028-06-15T10:00:00+02:00");

timestamp needed(const std::vector<standing>& s, const device_id& m = meter_a) {
  return retention::originals_needed_from(m, import_total, s, now, zone);
}

}  // namespace

TEST_CASE("original values stay as long as the consumer may look at the profile: 24 months") {
  for (const auto taf : {1U, 2U, 7U, 8U}) {
    const auto e = evaluation(taf);
    CHECK(needed({{&e, now - 15min}}) == at("2026-06-15T10:00:00+02:00"));
  }
}

TEST_CASE("what is sent for the moment is kept for nothing: it goes with the day") {
  for (const auto taf : {6U, 9U, 10U, 14U}) {
    const auto e = evaluation(taf);
    CHECK(needed({{&e, now - 15min}}) == now - 24h);
  }
}

TEST_CASE("what an evaluation has not consumed is never deleted") {
  const auto e = evaluation(10);
  CHECK(needed({{&e, now - 72h}}) == now - 72h);
  CHECK(needed({{&e, std::nullopt}}) == timestamp::min());
}

TEST_CASE("the longest need of several evaluations counts") {
  const auto moment = evaluation(10);
  const auto profile = evaluation(7);
  CHECK(needed({{&moment, now}, {&profile, now}}) == at("2026-06-15T10:00:00+02:00"));
}

TEST_CASE("an open billing period of three years keeps its original values") {
  auto e = evaluation(2);
  e.billing = {.months = 36};
  CHECK(needed({{&e, now}}) == e.valid_from);
}

TEST_CASE("a list without evaluation has no purpose") {
  const auto e = evaluation(7);
  CHECK(needed({}) == now - 24h);
  CHECK(needed({{&e, now}}, meter_b) == now - 24h);
}

TEST_CASE("billing and daily rows outlive the profile by a year; a leap day has no counterpart in other years") {
  CHECK(retention::rows_needed_from(evaluation(1), now, zone) == at("2025-06-15T10:00:00+02:00"));
  CHECK(retention::months_before(at("2028-02-29T12:00:00+01:00"), months{12}, zone) == at("2027-02-28T12:00:00+01:00"));
  // across a change of the clock the local time of day stays
  CHECK(retention::months_before(now, months{6}, zone) == at("2027-12-15T10:00:00+01:00"));
}
