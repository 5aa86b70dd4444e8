// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "domain/tariff/naive.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace smgw;
using namespace smgw::lists;
using tariff::make_contract;
using tariff::result_kind;

namespace {
std::optional<std::int64_t> rising(std::size_t i) { return static_cast<std::int64_t>(i); }
}  // namespace

TEST_CASE("TAF 6 keeps a value of each of 42 days and hands over one on request") {
  const auto p = evaluation(6, "2026-03-01T00:00:00+01:00");
  auto c = make_contract(p).value();
  std::optional<tariff::cursor> last;
  const auto list = quarter_hours(p.valid_from, 60 * 96, rising);
  CHECK(feed(*c, list, &last).empty());
  const auto ask = [&](std::optional<timestamp> day) {
    return c->happened({.id = "release", .at = list.back().target, .amount = {}, .day = day});
  };
  const auto newest = ask({}).value();
  REQUIRE(newest.results.size() == 1);
  CHECK(newest.results[0].kind == result_kind::daily);
  CHECK(newest.results[0].entries[0].target == at("2026-04-30T00:00:00+02:00"));
  CHECK(ask(at("2026-04-10T17:00:00+02:00"))->results[0].entries[0].target == at("2026-04-10T00:00:00+02:00"));
  CHECK(ask(at("2026-03-20T12:00:00+01:00"))->results[0].entries[0].target == at("2026-03-20T00:00:00+01:00"));
  CHECK(ask(at("2026-03-19T12:00:00+01:00")).error().code == errc::unavailable);  // the 43rd day back
  CHECK(c->happened({.id = "other", .at = {}}).error().code == errc::denied);
  // and after a restart all 42 are still there
  const auto before = ask(at("2026-03-20T12:00:00+01:00"))->results;
  c = make_contract(p, last).value();
  CHECK(ask(at("2026-03-20T12:00:00+01:00"))->results == before);
}

TEST_CASE("TAF 6 the billing day may begin at another time, also when the clock changes") {
  auto p = evaluation(6, "2026-03-28T00:00:00+01:00");
  p.day_start = 2h + 30min;  // left out on 29 March
  auto c = make_contract(p).value();
  (void)feed(*c, quarter_hours(p.valid_from, 3 * 96, rising));
  const auto of = [&](std::string_view day) {
    return c->happened({.id = "release", .at = {}, .amount = {}, .day = at(day)})->results[0].entries[0].target;
  };
  CHECK(of("2026-03-28T12:00:00+01:00") == at("2026-03-28T02:30:00+01:00"));
  CHECK(of("2026-03-29T12:00:00+02:00") == at("2026-03-29T03:00:00+02:00"));
  CHECK(of("2026-03-30T12:00:00+02:00") == at("2026-03-30T02:30:00+02:00"));
}

TEST_CASE("TAF 9 gives values on request and when a threshold is crossed, and keeps nothing") {
  auto p = evaluation(9, "2026-05-14T10:00:00Z");
  p.delivery = {.seconds = 900s};
  p.triggers = {{.register_name = import_total,
                 .above = decimal{.value = 50, .scaler = 0},
                 .below = decimal{.value = 10, .scaler = 0}}};
  auto c = make_contract(p).value();
  CHECK(c->happened({.id = "query", .at = p.valid_from}).error().code == errc::unavailable);
  std::vector<tariff::result> results;
  const std::array values{20, 40, 60, 70, 30, 5, 4, 55};
  for (std::size_t i = 0; i < values.size(); ++i) {
    auto s = c->consume(entry(p.valid_from + static_cast<std::int64_t>(i) * 900s, values[i])).value();
    std::ranges::move(s.results, std::back_inserter(results));
  }
  REQUIRE(results.size() == 2);  // 60, then 5; from 4 to 55 the limits never let go
  CHECK(results[0].entries[0].value.value.value == 60);
  CHECK(results[0].entries[0].value.status.smgw == (status::fixed | status::value_triggered));
  CHECK(results[0].note == "threshold");
  CHECK_FALSE(results[0].keep);
  CHECK(results[1].entries[0].value.value.value == 5);
  const auto asked = c->happened({.id = "query", .at = p.valid_from}).value();
  REQUIRE(asked.results.size() == 1);
  CHECK(asked.results[0].entries[0].value.value.value == 55);
  CHECK((asked.results[0].entries[0].value.status.smgw & status::value_triggered) == 0);
  CHECK(c->happened({.id = "release", .at = {}}).error().code == errc::denied);
}

TEST_CASE("TAF 10 samples at fixed intervals besides; TAF 14 marks its values as not for billing") {
  for (const unsigned taf : {10U, 14U}) {
    auto p = evaluation(taf, "2026-05-14T10:00:00Z");
    p.period = 60s;
    p.delivery = {.seconds = 120s};
    auto c = make_contract(p).value();
    std::vector<tariff::result> results;
    for (int i = 0; i < 7; ++i) {
      auto s = c->consume(entry(p.valid_from + i * 60s, i)).value();
      std::ranges::move(s.results, std::back_inserter(results));
    }
    REQUIRE(results.size() == 3);
    CHECK(results[1].entries.size() == 2);
    CHECK_FALSE(results[1].keep);
    const auto mark = taf == 14 ? status::value_not_validated : 0U;
    CHECK(results[1].entries[0].value.status.smgw == (status::fixed | mark));
    CHECK(results[1].kind == result_kind::series);
  }
}

TEST_CASE("TAF 11 freezes time and reading at each steering event") {
  const auto p = evaluation(11, "2026-05-14T10:00:00Z");
  auto c = make_contract(p).value();
  const auto early = c->happened({.id = "limit-4200", .at = p.valid_from}).value();
  REQUIRE(early.results.size() == 1);
  CHECK(early.results[0].entries.empty());
  (void)c->consume(entry(p.valid_from, 100));
  (void)c->consume(entry(p.valid_from + 900s, 110));
  (void)c->consume(gap(p.valid_from + 1800s));
  const auto s = c->happened({.id = "limit-4200", .at = p.valid_from + 2000s}).value();
  CHECK(s.results[0].kind == result_kind::event);
  CHECK(s.results[0].note == "limit-4200");
  CHECK(s.results[0].from == p.valid_from + 2000s);
  CHECK(s.results[0].entries[0].value.value.value == 110);
  c = make_contract(p, s.advanced).value();
  CHECK(c->happened({.id = "free", .at = p.valid_from + 2100s})->results[0].entries[0].value.value.value == 110);
}

TEST_CASE("TAF 12 warns, tells when nothing is left, and opens the breaker beyond the tolerance; each once") {
  auto p = evaluation(12, "2026-05-14T10:00:00Z");
  p.prepaid = profile::prepayment{.available = {.value = 100, .scaler = 0},
                                  .warn_below = {.value = 50, .scaler = 0},
                                  .tolerance = {.value = 20, .scaler = 0},
                                  .breaker = "breaker1"};
  auto c = make_contract(p).value();
  std::vector<std::string> notes;
  std::vector<std::int64_t> left;
  std::optional<tariff::cursor> stored;
  const auto consume = [&](int i, std::int64_t level) {
    auto s = c->consume(entry(p.valid_from + i * 900s, level)).value();
    for (const auto& r : s.results) {
      notes.push_back(r.note);
      left.push_back(r.entries.at(0).value.value.value);
    }
    if (s.advanced) stored = s.advanced;
  };
  const std::array<std::int64_t, 7> levels{1000, 1040, 1060, 1080, 1100, 1120, 1121};
  for (int i = 0; i < 7; ++i) consume(i, levels[static_cast<std::size_t>(i)]);
  CHECK(notes == std::vector<std::string>{"warning", "exhausted", "open_breaker"});
  CHECK(left == std::vector<std::int64_t>{40, 0, -21});
  c = make_contract(p, stored).value();
  const auto paid =
      c->happened({.id = "credit", .at = p.valid_from, .amount = decimal{.value = 200, .scaler = 0}}).value();
  REQUIRE(paid.results.size() == 1);
  CHECK(paid.results[0].note == "enough");
  CHECK(paid.results[0].entries[0].value.value.value == 179);
  notes.clear();
  consume(7, 1500);
  CHECK(notes == std::vector<std::string>{"warning", "exhausted", "open_breaker"});
  CHECK(c->happened({.id = "credit", .at = {}}).error().code == errc::malformed);
  CHECK(c->happened({.id = "gift", .at = {}}).error().code == errc::denied);
}

TEST_CASE("TAF 13 shows what its source yields") {
  auto p = evaluation(13);
  p.shown = 7;
  p.source = "contract-7";
  p.recipients = {{.wan = "display"}};
  auto c = make_contract(p).value();
  const auto list = quarter_hours(p.valid_from, 97, rising);
  std::optional<tariff::cursor> last;
  const auto results = feed(*c, list, &last);
  REQUIRE(results.size() == 1);
  CHECK(results[0].taf == 13);
  CHECK(results[0].contract == "contract-13");
  CHECK(results[0].recipients == std::vector<std::string>{"display"});
  CHECK(results[0].entries == list);
  CHECK(c->profile().taf == 13);
  CHECK(c->position() == *last);
  CHECK(make_contract(p, last));
  CHECK(c->next_deadline());
  p.shown = 13;
  CHECK(make_contract(p).error().code == errc::malformed);
  p.shown = 0;
  CHECK(make_contract(p).error().code == errc::unsupported);
}

TEST_CASE("which use cases there are") {
  for (unsigned n = 1; n <= 14; ++n) CHECK(tariff::supported(n));
  CHECK_FALSE(tariff::supported(0));
  CHECK_FALSE(tariff::supported(15));
}
