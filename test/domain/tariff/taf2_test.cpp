// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "domain/tariff/naive.hpp"
#include "domain/tariff/stage_calendar.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace smgw;
using namespace smgw::naive;
using tariff::make_contract;
using tariff::stage_calendar;

namespace {

const auto berlin = calendar::legal_time::load().value();

std::map<unsigned, std::int64_t> registers_of(const std::vector<tariff::result>& results, timestamp to) {
  std::map<unsigned, std::int64_t> out;
  for (const auto& r : results)
    if (r.to == to) out[r.register_name.code[4]] = r.entries.at(0).value.value.value;
  return out;
}

}  // namespace

TEST_CASE("TAF 2 the calendar agrees with the naive one in every quarter hour of leap and other years") {
  const stage_calendar c{two_stages(), 2, berlin};
  for (const auto* from : {"2026-01-01T00:00:00+01:00", "2028-01-01T00:00:00+01:00"})
    for (auto t = at(from); t < at(from) + days{366}; t += 15min) REQUIRE(c.at(t) == stage_at(t));
}

TEST_CASE("TAF 2 a change inside a stretch is never missed") {
  auto rules = two_stages();
  // switches inside the hour that is left out or runs twice
  rules.days[0].switches = {{.at = 0h, .stage = 2}, {.at = 2h + 30min, .stage = 1}, {.at = 2h + 45min, .stage = 2}};
  rules.days[1].switches = {{.at = 0h, .stage = 1}, {.at = 2h + 30min, .stage = 2}};
  const stage_calendar c{rules, 2, berlin};
  std::mt19937 random{5};
  for (const auto* around : {"2026-10-24T20:00:00Z", "2026-03-28T20:00:00Z", "2026-12-24T12:00:00Z"})
    for (int i = 0; i < 400; ++i) {
      const auto from = at(around) + (random() % 80U) * 900s;
      const auto to = from + (1 + random() % 40U) * 900s;
      std::optional<unsigned> want = c.at(from);
      for (auto t = from; t < to; t += 15min)
        if (c.at(t) != want) {
          want.reset();
          break;
        }
      INFO(to_iso8601(from) << " to " << to_iso8601(to));
      REQUIRE(c.during(from, to) == want);
    }
  CHECK_FALSE(c.during(at("2026-01-01T00:00:00Z"), at("2028-01-01T00:00:00Z")));
}

TEST_CASE("TAF 2 seasons and special days") {
  auto rules = two_stages();
  rules.days.push_back({.id = "summer", .switches = {{.at = 0h, .stage = 3}}});
  rules.days.push_back({.id = "party", .switches = {{.at = 0h, .stage = 4}}});
  rules.weeks.push_back(
      {.id = "summer", .days = {"summer", "summer", "summer", "summer", "summer", "summer", "summer"}});
  rules.seasons = {{.start = October / 1, .week = "all"}, {.start = April / 1, .week = "summer"}};
  rules.special_days.push_back({.year = 2026y, .day = December / 25, .day_profile = "party"});
  const stage_calendar c{rules, 2, berlin};
  CHECK(c.at(at("2026-03-31T23:59:59+02:00")) == 2);
  CHECK(c.at(at("2026-04-01T00:00:00+02:00")) == 3);
  CHECK(c.at(at("2026-09-30T12:00:00+02:00")) == 3);
  CHECK(c.at(at("2026-10-01T12:00:00+02:00")) == 1);
  CHECK(c.at(at("2026-01-05T12:00:00+01:00")) == 1);  // before the first start: the season of the year before
  CHECK(c.at(at("2026-12-25T12:00:00+01:00")) == 4);  // this year's day before every year's
  CHECK(c.at(at("2025-12-25T12:00:00+01:00")) == 2);
  const stage_calendar none{{}, 7, berlin};
  CHECK(none.at(at("2026-01-01T00:00:00Z")) == 7);
}

TEST_CASE("TAF 2 a day of work: stages, total, and no error") {
  auto p = staged(2, at("2026-01-05T00:00:00+01:00"), 0);  // a Monday
  p.billing = {.days = 1};
  auto c = make_contract(p).value();
  const auto results = feed(*c, quarter_hours(p.valid_from, 97, [](std::size_t i) {
    return std::optional{static_cast<std::int64_t>(10 * i)};
  }));
  REQUIRE(results.size() == 4);
  CHECK(registers_of(results, at("2026-01-06T00:00:00+01:00")) ==
        std::map<unsigned, std::int64_t>{{0, 960}, {1, 640}, {2, 320}, {63, 0}});
  // the total keeps the name of the register, the stages have their number in group E
  CHECK(results[0].register_name == import_total);
  CHECK(results[0].entries[0].value.value.value == 960);
  CHECK(results[1].register_name == obis{{1, 0, 1, 8, 1, 255}});
  CHECK(results[3].register_name == obis{{1, 0, 1, 8, 63, 255}});
  CHECK(results[3].entries[0].value.status.smgw == status::fixed);
}

TEST_CASE("TAF 2 days of 92 and 100 quarter hours are switched by legal time") {
  for (const auto& [from, low] : {std::pair{"2026-03-29T00:00:00+01:00", 92}, {"2026-10-25T00:00:00+02:00", 100}}) {
    auto rules = two_stages();
    rules.weeks[0].days[6] = "work";  // let these Sundays be switched
    auto p = staged(2, at(from), 0);
    p.switching = rules;
    p.billing = {.days = 1};
    auto c = make_contract(p).value();
    const auto results = feed(*c, quarter_hours(p.valid_from, 101, [](std::size_t i) {
      return std::optional{static_cast<std::int64_t>(i)};
    }));
    REQUIRE(results.size() >= 4);
    CHECK(results[1].entries[0].value.value.value == 64);
    CHECK(results[2].entries[0].value.value.value == low - 64);
  }
}

TEST_CASE("TAF 2 gaps: inside a stage to the stage, across a change to the error register") {
  auto p = staged(2, at("2026-01-05T00:00:00+01:00"), 0);
  p.billing = {.days = 1};
  const auto run = [&](std::size_t from, std::size_t to) {
    auto c = make_contract(p).value();
    return feed(*c, quarter_hours(p.valid_from, 97, [&](std::size_t i) -> std::optional<std::int64_t> {
      return i >= from && i < to ? std::nullopt : std::optional{static_cast<std::int64_t>(i)};
    }));
  };
  const auto inside = run(30, 40);
  CHECK(inside[1].entries[0].value.value.value == 64);
  CHECK(inside[3].entries[0].value.value.value == 0);
  CHECK(inside[3].entries[0].value.status.smgw == status::fixed);
  const auto across = run(20, 30);  // 05:00 to 07:30, values at 04:45 and 07:30
  CHECK(across[0].entries[0].value.value.value == 96);
  CHECK(across[1].entries[0].value.value.value == 58);
  CHECK(across[2].entries[0].value.value.value == 27);
  CHECK(across[3].entries[0].value.value.value == 11);
  CHECK((across[3].entries[0].value.status.smgw & status::warning) != 0);
  // a gap that ends exactly at the change is inside its stage
  const auto up_to = run(20, 24);
  CHECK(up_to[3].entries[0].value.value.value == 0);
}
