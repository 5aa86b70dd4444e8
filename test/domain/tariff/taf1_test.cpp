// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "domain/lists.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace smgw;
using namespace smgw::lists;
using tariff::make_contract;
using tariff::result;

namespace {

/// Quarter hours from the start of 2026 on (local), level 1000 + 10 · index.
std::vector<list_entry> from_new_year(
    std::size_t count,
    const level_of& level = [](std::size_t i) { return std::optional{1000 + 10 * static_cast<std::int64_t>(i)}; }) {
  return quarter_hours(at("2026-01-01T00:00:00+01:00"), count, level);
}
constexpr std::size_t january = 31 * 96;

}  // namespace

TEST_CASE("TAF 1 gives one value per billing period: the register at its end") {
  auto c = make_contract(evaluation(1)).value();
  std::optional<tariff::cursor> last;
  const auto results = feed(*c, from_new_year(january + 28 * 96 + 1), &last);
  REQUIRE(results.size() == 2);
  CHECK(results[0].from == at("2026-01-01T00:00:00+01:00"));
  CHECK(results[0].to == at("2026-02-01T00:00:00+01:00"));
  CHECK(results[0].recipients == std::vector<std::string>{"supplier"});
  CHECK(results[0].kind == tariff::result_kind::registers);
  REQUIRE(results[0].entries.size() == 1);
  CHECK(results[0].entries[0].target == results[0].to);
  CHECK(results[0].entries[0].value.value.value == 1000 + 10 * static_cast<std::int64_t>(january));
  CHECK(results[0].entries[0].value.meter == meter_a);
  CHECK(results[0].entries[0].value.status.hex() == "0000000500000004");
  CHECK(results[1].to == at("2026-03-01T00:00:00+01:00"));
  CHECK(last->until == at("2026-03-01T00:00:00+01:00"));
}

TEST_CASE("TAF 1 months with a change of the clock are as long as they are") {
  auto p = evaluation(1, "2026-03-01T00:00:00+01:00");
  auto c = make_contract(p).value();
  const auto list = quarter_hours(p.valid_from, 31 * 96 - 4 + 30 * 96 + 1,
                                  [](std::size_t i) { return std::optional{static_cast<std::int64_t>(i)}; });
  const auto results = feed(*c, list);
  REQUIRE(results.size() == 2);
  CHECK(results[0].to == at("2026-04-01T00:00:00+02:00"));
  CHECK(results[0].entries[0].value.value.value == 31 * 96 - 4);
  CHECK(results[1].entries[0].value.value.value == 31 * 96 - 4 + 30 * 96);
}

TEST_CASE("TAF 1 without a value at the end of the period: the last one before, under its own time") {
  auto c = make_contract(evaluation(1)).value();
  const auto results = feed(*c, from_new_year(2 * january, [](std::size_t i) -> std::optional<std::int64_t> {
    if (i > january - 8 && i < january + 8) return std::nullopt;
    return static_cast<std::int64_t>(i);
  }));
  REQUIRE(results.size() == 2);
  const auto& e = results[0].entries[0];
  CHECK(e.target == at("2026-01-31T22:00:00+01:00"));
  CHECK(e.value.captured == e.target + 1s);
  CHECK(e.value.value.value == static_cast<std::int64_t>(january) - 8);
  CHECK(e.value.status.smgw == (status::fixed | status::warning));
}

TEST_CASE("TAF 1 period without any value is told as such") {
  auto c = make_contract(evaluation(1)).value();
  const auto results = feed(*c, from_new_year(2 * january, [](std::size_t i) -> std::optional<std::int64_t> {
    return i > 0 && i < january + 96 * 27 ? std::nullopt : std::optional{static_cast<std::int64_t>(i)};
  }));
  REQUIRE(results.size() == 2);
  CHECK(status::has_value(results[0].entries[0].value.status));  // the value of 1 January
  CHECK(results[0].entries[0].target == at("2026-01-01T00:00:00+01:00"));
  auto blind = make_contract(evaluation(1)).value();
  const auto none = feed(*blind, from_new_year(january + 1, [](std::size_t) { return std::nullopt; }));
  REQUIRE(none.size() == 1);
  CHECK_FALSE(status::has_value(none[0].entries[0].value.status));
  CHECK(none[0].entries[0].target == none[0].to);
}

TEST_CASE("TAF 1 values with a fatal fault of the meter do not count, doubtful time is passed on") {
  auto list = from_new_year(january + 1);
  list.back().value.status = status::build(status::meter_kind::electricity, 0x4 | 1U << 17);
  list[5].value.status = status::build(status::meter_kind::electricity, 0x4, {.time_not_valid = true});
  auto c = make_contract(evaluation(1)).value();
  const auto results = feed(*c, list);
  REQUIRE(results.size() == 1);
  CHECK(results[0].entries[0].target == at("2026-01-31T23:45:00+01:00"));
  CHECK(results[0].entries[0].value.status.smgw == (status::fixed | status::warning | status::time_not_valid));
}

TEST_CASE("TAF 1 adds and subtracts several meters, whatever their scalers") {
  auto p = evaluation(1);
  p.inputs.push_back({.meter = meter_b, .register_name = import_total, .sign = 1});
  p.inputs.push_back({.meter = meter_a, .register_name = export_total, .sign = -1});
  auto c = make_contract(p).value();
  std::vector<result> results;
  // each list in one piece, one after the other: the order of meters does not matter
  for (std::size_t i = 0; i <= january; ++i) {
    const auto n = static_cast<std::int64_t>(i);
    CHECK(c->consume(entry(p.valid_from + n * 900s, 100 + n))->results.empty());
  }
  for (std::size_t i = 0; i <= january; ++i) {
    const auto n = static_cast<std::int64_t>(i);
    CHECK(c->consume(entry(p.valid_from + n * 900s, 10 * n, 0, meter_a, export_total))->results.empty());
  }
  for (std::size_t i = 0; i <= january; ++i) {
    const auto n = static_cast<std::int64_t>(i);
    auto s = c->consume(entry(p.valid_from + n * 900s, 20'001 + 1000 * n, -1, meter_b)).value();
    std::ranges::move(s.results, std::back_inserter(results));
  }
  REQUIRE(results.size() == 1);
  const auto n = static_cast<std::int64_t>(january);
  // (100 + n) + (2000.1 + 100 n) - 10 n
  CHECK(results[0].entries[0].value.value == decimal{.value = 21'001 + 910 * n, .scaler = -1});
  CHECK(results[0].entries[0].value.meter.empty());
  CHECK(results[0].entries[0].value.status.meter == 0);
}

TEST_CASE("TAF 1 goes on behind the exchange of a meter's register without inventing energy") {
  auto c = make_contract(evaluation(1)).value();
  const auto results = feed(*c, from_new_year(january + 1, [](std::size_t i) {
    const auto n = static_cast<std::int64_t>(i);
    return std::optional{n < 1000 ? 50'000 + n : n - 1000};
  }));
  REQUIRE(results.size() == 1);
  // 999 before, nothing for the interval with the exchange, the rest after it
  CHECK(results[0].entries[0].value.value.value == 50'999 + static_cast<std::int64_t>(january) - 1000);
  CHECK((results[0].entries[0].value.status.smgw & status::warning) != 0);
}

TEST_CASE("TAF 1 with billing periods of seconds, validity with an end") {
  auto p = evaluation(1, "2026-05-14T10:00:00Z");
  p.billing = {.seconds = 10s};
  p.period = 1s;
  p.valid_until = at("2026-05-14T10:00:25Z");
  auto c = make_contract(p).value();
  std::vector<result> results;
  for (int i = 0; i < 60; ++i) {
    auto s = c->consume(entry(p.valid_from + i * 1s, i)).value();
    CHECK(s.advanced.has_value() == !s.results.empty());
    std::ranges::move(s.results, std::back_inserter(results));
  }
  REQUIRE(results.size() == 3);
  CHECK(results[0].entries[0].value.value.value == 10);
  CHECK(results[2].to == p.valid_until);
  CHECK(results[2].entries[0].value.value.value == 25);
  CHECK_FALSE(c->next_deadline());
}

TEST_CASE("a register that would overflow is refused, not wrapped") {
  auto p = evaluation(1);
  p.billing = {.seconds = 900s};
  auto c = make_contract(p).value();
  CHECK(c->consume(entry(p.valid_from, std::numeric_limits<std::int64_t>::max() - 1, 9)));
  // the sum stays exact in 128 bits, but 19 digits with nine more places leave no room for the result
  CHECK(c->consume(entry(p.valid_from + 900s, std::numeric_limits<std::int64_t>::max(), 9)));
  CHECK(c->consume(entry(p.valid_from + 1800s, 5, -9)));
  CHECK(c->consume(entry(p.valid_from + 2700s, 6, -9)).error().code == errc::internal);
}

TEST_CASE("a cursor of another use case or a cut one is refused") {
  auto c = make_contract(evaluation(1)).value();
  (void)feed(*c, from_new_year(100));
  const auto good = c->position();
  CHECK(tariff::decode_cursor(tariff::encode(good)) == good);
  CHECK(make_contract(evaluation(1), good));
  CHECK(make_contract(evaluation(7), good).error().code == errc::malformed);
  for (std::size_t n = 0; n < good.state.size(); ++n) {
    auto cut = good;
    cut.state.resize(n);
    CHECK(make_contract(evaluation(1), cut).error().code == errc::malformed);
  }
  CHECK(tariff::decode_cursor(bytes{1, 2, 3}).error().code == errc::truncated);
  CHECK(make_contract(evaluation(99)).error().code == errc::unsupported);
  auto nothing = evaluation(1);
  nothing.inputs.clear();
  CHECK(make_contract(nothing).error().code == errc::malformed);
}
