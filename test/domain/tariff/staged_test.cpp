// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "domain/tariff/naive.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace smgw;
using namespace smgw::naive;
using tariff::make_contract;
using tariff::result;

namespace {

/// Values of the registers of the last result's period by group E; the total under 0.
std::map<unsigned, decimal> levels(const std::vector<result>& results) {
  std::map<unsigned, decimal> out;
  for (const auto& r : results)
    if (r.kind == tariff::result_kind::registers)
      out[r.register_name == import_total ? 0 : r.register_name.code[4]] = r.entries.at(0).value.value;
  return out;
}
decimal wh(std::int64_t n) { return {.value = n, .scaler = 0}; }

profile::evaluation hourly(unsigned taf, std::int64_t limit) {
  auto p = staged(taf, at("2026-01-05T00:00:00+01:00"), limit);
  p.billing = {.seconds = 3600s};
  return p;
}
std::vector<list_entry> list_of(const profile::evaluation& p,
                                std::initializer_list<std::optional<std::int64_t>> levels) {
  return quarter_hours(p.valid_from, levels.size(), [&](std::size_t i) { return levels.begin()[i]; });
}

}  // namespace

TEST_CASE("TAF 3 the mean power of a registration period chooses its stage") {
  const auto p = hourly(3, 1000);  // above 1000 W: more than 250 Wh in a quarter of an hour
  auto c = make_contract(p).value();
  const auto results = feed(*c, list_of(p, {0, 250, 501, 501, 1501}));
  CHECK(levels(results) == std::map<unsigned, decimal>{{0, wh(1501)}, {1, wh(1251)}, {2, wh(250)}, {63, wh(0)}});
  // several steps: the highest that is passed
  auto more = p;
  more.stages.push_back({.number = 3, .description = "peak"});
  more.load_steps.insert(more.load_steps.begin(), {.above = {.value = 25, .scaler = 2}, .stage = 3});
  auto d = make_contract(more).value();
  CHECK(levels(feed(*d, list_of(p, {0, 250, 501, 501, 1501}))).at(3) == wh(1000));
}

TEST_CASE("TAF 3 energy over missing values has no known mean power") {
  const auto p = hourly(3, 1000);
  auto c = make_contract(p).value();
  const auto results = feed(*c, list_of(p, {0, 10, {}, 20, 30}));
  CHECK(levels(results) == std::map<unsigned, decimal>{{0, wh(30)}, {1, wh(0)}, {2, wh(20)}, {63, wh(10)}});
  CHECK((results.back().entries[0].value.status.smgw & status::warning) != 0);
}

TEST_CASE("TAF 4 quotas are split exactly and begin anew with each period") {
  const auto p = hourly(4, 100);
  auto c = make_contract(p).value();
  auto results = feed(*c, list_of(p, {0, 30, 60, 95, 130, 190, 200, 250, 300}));
  REQUIRE(results.size() == 8);
  const std::vector<result> first(results.begin(), results.begin() + 4);
  CHECK(levels(first) == std::map<unsigned, decimal>{{0, wh(130)}, {1, wh(30)}, {2, wh(100)}, {63, wh(0)}});
  CHECK(levels(results) == std::map<unsigned, decimal>{{0, wh(300)}, {1, wh(100)}, {2, wh(200)}, {63, wh(0)}});
}

TEST_CASE("TAF 4 one interval may pass several quotas; what is known only across periods goes to the error register") {
  auto p = hourly(4, 100);
  p.stages.push_back({.number = 3, .description = "middle"});
  p.quotas.insert(p.quotas.begin() + 1, {.stage = 3, .amount = decimal{.value = 505, .scaler = -1}});
  auto c = make_contract(p).value();
  const auto results = feed(*c, list_of(p, {0, 500, 500, 500, {}, 600, 600, 600, 600}));
  const std::vector<result> first(results.begin(), results.begin() + 5);
  const auto got = levels(first);
  CHECK(got.at(2) == wh(100));
  CHECK(got.at(3) == decimal{.value = 505, .scaler = -1});
  CHECK(got.at(1) == decimal{.value = 3495, .scaler = -1});
  CHECK(levels(results).at(63) == wh(100));
}

TEST_CASE("TAF 5 events choose the stage from the next registration period on") {
  auto p = hourly(5, 0);
  p.events = {{.event = "peak", .stage = 1}, {.event = "normal", .stage = 2}};
  auto c = make_contract(p).value();
  const auto list = list_of(p, {0, 10, 20, 30, 40});
  std::vector<result> results;
  for (std::size_t i = 0; i < 3; ++i) (void)c->consume(list[i]);
  const auto s = c->happened({.id = "peak", .at = list[2].target + 5min}).value();
  REQUIRE(s.results.size() == 1);
  CHECK(s.results[0].kind == tariff::result_kind::event);
  CHECK(s.results[0].note == "peak");
  CHECK(s.results[0].to == list[3].target);
  REQUIRE(s.advanced);
  // killed after the event was stored: it is not forgotten
  c = make_contract(p, s.advanced).value();
  results = feed(*c, list);
  CHECK(levels(results) == std::map<unsigned, decimal>{{0, wh(40)}, {1, wh(10)}, {2, wh(30)}, {63, wh(0)}});
}

TEST_CASE("TAF 5 at once means the registration period that runs; what is unknown and late") {
  auto p = hourly(5, 0);
  p.events = {{.event = "peak", .stage = 1}, {.event = "normal", .stage = 2}};
  p.event_at_once = true;
  auto c = make_contract(p).value();
  const auto list = list_of(p, {0, 10, 20, 30, 40});
  for (std::size_t i = 0; i < 3; ++i) (void)c->consume(list[i]);
  CHECK(c->happened({.id = "party", .at = list[2].target}).error().code == errc::denied);
  // an event of long ago cannot change what is counted already
  CHECK(c->happened({.id = "peak", .at = list[0].target})->results[0].to == list[2].target);
  CHECK(c->happened({.id = "normal", .at = list[3].target + 1s}));
  CHECK(levels(feed(*c, list)) == std::map<unsigned, decimal>{{0, wh(40)}, {1, wh(10)}, {2, wh(30)}, {63, wh(0)}});
}

TEST_CASE("TAF 5 a change inside missing values goes to the error register") {
  auto p = hourly(5, 0);
  p.events = {{.event = "peak", .stage = 1}};
  auto c = make_contract(p).value();
  const auto list = list_of(p, {0, 10, {}, 30, 40});
  for (std::size_t i = 0; i < 2; ++i) (void)c->consume(list[i]);
  (void)c->happened({.id = "peak", .at = list[2].target});
  CHECK(levels(feed(*c, list)) == std::map<unsigned, decimal>{{0, wh(40)}, {1, wh(10)}, {2, wh(10)}, {63, wh(20)}});
}

TEST_CASE("TAF 8 keeps the smallest and largest mean powers with their times") {
  auto p = hourly(8, 0);
  p.extreme = {.minima = 1, .maxima = 2};
  auto c = make_contract(p).value();
  const auto list = list_of(p, {0, 10, 40, 70, 75});
  const auto results = feed(*c, list);
  REQUIRE(results.size() == 2);
  CHECK(results[0].note == "minima");
  REQUIRE(results[0].entries.size() == 1);
  CHECK(results[0].entries[0].value.value == wh(20));
  CHECK(results[0].entries[0].value.measured == unit::watt);
  CHECK(results[0].entries[0].target == list[4].target);
  CHECK(results[1].note == "maxima");
  REQUIRE(results[1].entries.size() == 2);
  CHECK(results[1].entries[0].value.value == wh(120));
  CHECK(results[1].entries[0].target == list[2].target);  // of equal ones the earlier first
  CHECK(results[1].entries[1].target == list[3].target);
}

TEST_CASE("TAF 8 against sorting everything") {
  for (unsigned seed = 1; seed <= 100; ++seed) {
    std::mt19937 random{seed};
    auto p = staged(8, at("2026-01-05T00:00:00+01:00"), 0);
    p.billing = {.days = 1};
    const auto list = random_list(random, p.valid_from, 97);
    std::vector<std::pair<std::int64_t, timestamp>> all;
    for (std::size_t i = 1; i < list.size(); ++i) {
      const auto good = [&](const list_entry& e) { return status::counts(e.value.status); };
      const auto delta = list[i].value.value.value - list[i - 1].value.value.value;
      if (good(list[i]) && good(list[i - 1]) && delta >= 0) all.emplace_back(4 * delta, list[i].target);
    }
    auto c = make_contract(p).value();
    for (const auto& r : feed(*c, list)) {
      auto sorted = all;
      if (r.note == "minima")
        std::ranges::stable_sort(sorted, {}, &std::pair<std::int64_t, timestamp>::first);
      else
        std::ranges::stable_sort(sorted, std::greater{}, &std::pair<std::int64_t, timestamp>::first);
      REQUIRE(r.entries.size() == std::min<std::size_t>(sorted.size(), r.note == "minima" ? 2 : 5));
      for (std::size_t i = 0; i < r.entries.size(); ++i) {
        REQUIRE(r.entries[i].value.value.value == sorted[i].first);
        REQUIRE(r.entries[i].target == sorted[i].second);
      }
    }
  }
}
