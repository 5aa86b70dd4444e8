// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "domain/lists.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace smgw;
using namespace smgw::lists;
using tariff::make_contract;

namespace {
std::optional<std::int64_t> rising(std::size_t i) { return static_cast<std::int64_t>(7 * i); }
}  // namespace

TEST_CASE("TAF 7 hands the original values over unchanged, 96 a day") {
  const auto p = evaluation(7);
  auto c = make_contract(p).value();
  const auto list = quarter_hours(p.valid_from, 3 * 96 + 1, rising);
  const auto results = feed(*c, list);
  REQUIRE(results.size() == 3);
  std::vector<list_entry> together;
  for (const auto& r : results) {
    CHECK(r.kind == tariff::result_kind::series);
    CHECK(r.keep);
    CHECK(r.meter == meter_a);
    std::ranges::copy(r.entries, std::back_inserter(together));
  }
  CHECK(together == list);
  CHECK(results[0].entries.size() == 97);  // with the value that the first day starts from
  CHECK(results[1].entries.size() == 96);
  CHECK(results[1].entries.back().target == results[1].to);
}

TEST_CASE("TAF 7 days of 92 and 100 quarter hours") {
  for (const auto& [from, count] : {std::pair{"2026-03-29T00:00:00+01:00", 92}, {"2026-10-25T00:00:00+02:00", 100}}) {
    const auto p = evaluation(7, from);
    auto c = make_contract(p).value();
    const auto results = feed(*c, quarter_hours(p.valid_from, 101, rising));
    REQUIRE(results.size() >= 1);
    CHECK(results[0].entries.size() == static_cast<std::size_t>(count) + 1);
    CHECK(results[0].to - results[0].from == count * 900s);
  }
}

TEST_CASE("TAF 7 keeps gaps and faults as they are") {
  const auto p = evaluation(7);
  auto c = make_contract(p).value();
  auto list = quarter_hours(p.valid_from, 97, [](std::size_t i) -> std::optional<std::int64_t> {
    return i % 5 == 0 ? std::nullopt : rising(i);
  });
  list[7].value.status = status::build(status::meter_kind::electricity, 0x4 | 1U << 17, {.error = true});
  list[8].signature = bytes(64, 0xAB);
  const auto results = feed(*c, list);
  REQUIRE(results.size() == 1);
  CHECK(results[0].entries == list);
}

TEST_CASE("TAF 7 of two registers gives two lists; a register that is silent does not hold the other up for ever") {
  auto p = evaluation(7);
  p.inputs.push_back({.meter = meter_a, .register_name = export_total, .sign = 1});
  auto c = make_contract(p).value();
  std::vector<tariff::result> results;
  for (const auto& e : quarter_hours(p.valid_from, 97, rising)) CHECK(c->consume(e)->results.empty());
  CHECK(c->next_deadline() == p.valid_from + tariff::patience);
  const auto day_end = at("2026-01-02T00:00:00+01:00");
  CHECK(c->tick(day_end)->results.empty());
  const auto done = c->tick(day_end + tariff::patience).value();
  REQUIRE(done.results.size() == 1);
  CHECK(done.results[0].register_name == import_total);
  CHECK(done.results[0].entries.size() == 97);
  CHECK(done.advanced->until == day_end);
  // and what comes later than that is not sent twice nor out of order
  CHECK(c->consume(entry(day_end, 3, 0, meter_a, export_total))->results.empty());
}

TEST_CASE("TAF 7 of a denser list takes only the instants of its own grid") {
  auto p = evaluation(7, "2026-05-14T10:00:00Z");
  p.period = 900s;
  p.delivery = {.seconds = 3600s};
  auto c = make_contract(p).value();
  std::vector<tariff::result> results;
  for (int i = 0; i <= 60; ++i) {
    auto s = c->consume(entry(p.valid_from + i * 60s, i)).value();
    std::ranges::move(s.results, std::back_inserter(results));
  }
  REQUIRE(results.size() == 1);
  CHECK(results[0].entries.size() == 5);
}

TEST_CASE("TAF 7 ignores entries of others, repetitions and what lies outside its validity") {
  auto p = evaluation(7, "2026-05-14T10:00:00Z");
  p.delivery = {.seconds = 3600s};
  p.valid_until = at("2026-05-14T11:30:00Z");
  auto c = make_contract(p).value();
  std::vector<tariff::result> results;
  for (int i = -4; i <= 20; ++i)
    for (const auto& e : {entry(p.valid_from + i * 900s, i), entry(p.valid_from + i * 900s, i),
                          entry(p.valid_from + i * 900s, i, 0, meter_b)}) {
      auto s = c->consume(e).value();
      std::ranges::move(s.results, std::back_inserter(results));
    }
  REQUIRE(results.size() == 2);
  CHECK(results[0].entries.size() == 5);
  CHECK(results[1].entries.size() == 2);
  CHECK(results[1].to == p.valid_until);
  CHECK(c->happened({.id = "release", .at = p.valid_from, .amount = {}, .day = {}}).error().code == errc::unsupported);
}

TEST_CASE("TAF 7 a period without any entry ends all the same") {
  auto p = evaluation(7);
  auto c = make_contract(p).value();
  (void)feed(*c, quarter_hours(p.valid_from, 10, rising));
  const auto s = c->tick(at("2026-01-03T12:00:00+01:00")).value();
  REQUIRE(s.results.size() == 1);
  CHECK(s.results[0].entries.size() == 10);
  CHECK(s.advanced->until == at("2026-01-03T00:00:00+01:00"));
}
