// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "domain/tariff/naive_more.hpp"

#include <catch2/catch_test_macros.hpp>

#include <cstdlib>

using namespace smgw;
using namespace smgw::naive;
using tariff::make_contract;
using tariff::result_kind;

// Whole random years of each use case against the naive reference. SMGW_YEARS=1000 runs a thousand of each.

namespace {

unsigned years() {
  const char* wanted = std::getenv("SMGW_YEARS");  // NOLINT(concurrency-mt-unsafe)
  return wanted == nullptr ? 2U : static_cast<unsigned>(std::strtoul(wanted, nullptr, 10));
}

/// A year in the life of a meter that begins in some month of 2025 to 2028: both changes of the clock, leap days.
struct life {
  explicit life(unsigned seed) : random(seed) {
    const year_month_day first{std::chrono::year{2025 + static_cast<int>(random() % 4U)},
                               std::chrono::month{static_cast<unsigned>(1 + random() % 12U)}, std::chrono::day{1}};
    const auto midnight = [](year_month_day d) {
      return zoned_time{"Europe/Berlin", local_seconds{local_days{d}}}.get_sys_time();
    };
    begin = midnight(first);
    const auto quarters = (midnight(first + std::chrono::years{1}) - midnight(first)) / 15min;  // 366 days, too
    list = random_list(random, begin, static_cast<std::size_t>(quarters) + random() % 96U);
  }
  std::mt19937 random;
  timestamp begin;
  std::vector<list_entry> list;
};

template <class Check>
void each_year(Check check) {
  for (unsigned seed = 1; seed <= years(); ++seed) {
    INFO("seed " << seed);
    life l{seed};
    check(l);
  }
}

registers levels_of(const std::vector<tariff::result>& results) {
  registers got;
  for (const auto& r : results)
    if (r.kind == result_kind::registers)
      got[r.to][r.register_name == import_total ? 0U : r.register_name.code[4]] = r.entries.at(0).value.value.value;
  return got;
}

void check_staged(unsigned taf) {
  each_year([taf](life& l) {
    const auto limit = static_cast<std::int64_t>(taf == 4 ? 20'000 + l.random() % 400'000U : l.random() % 4000U);
    const auto p = staged(taf, l.begin, limit);
    auto c = make_contract(p).value();
    auto want = evaluate(taf, l.list, limit);
    want.levels.erase(l.begin);  // a period that ends where the contract begins is none
    const auto got = levels_of(feed(*c, l.list));
    REQUIRE(got == want.levels);
    REQUIRE(got.size() >= 12);
    // to the last digit: what the registers hold is what the meter counted
    if (taf == 1) return;
    for (const auto& [month, level] : got) REQUIRE(level.at(0) == level.at(1) + level.at(2) + level.at(63));
  });
}

}  // namespace

TEST_CASE("TAF 1: random years") { check_staged(1); }
TEST_CASE("TAF 2: random years") { check_staged(2); }
TEST_CASE("TAF 3: random years") { check_staged(3); }
TEST_CASE("TAF 4: random years") { check_staged(4); }

TEST_CASE("TAF 5: random years") {
  each_year([](life& l) {
    auto p = staged(5, l.begin, 0);
    p.event_at_once = l.random() % 2 == 0;
    p.events = {{.event = "high", .stage = 1}, {.event = "low", .stage = 2}};
    std::vector<word> words;
    auto c = make_contract(p).value();
    std::vector<tariff::result> results;
    for (const auto& e : l.list) {
      // words come between two registration periods, sometimes many at once, sometimes exactly at one's end
      while (l.random() % 40U == 0) {
        const auto at = e.target - 900s + (l.random() % 3 == 0 ? 0ms : milliseconds{l.random() % 900'000U});
        if (at < l.begin || (!words.empty() && at < words.back().at)) break;
        const unsigned stage = 1 + l.random() % 2U;
        words.push_back({at, stage});
        REQUIRE(c->happened({.id = stage == 1 ? "high" : "low", .at = at}));
      }
      std::ranges::move(c->consume(e)->results, std::back_inserter(results));
    }
    REQUIRE(words.size() > 100);
    auto want = event_tariff(l.list, words, p.event_at_once, p.initial_stage);
    want.erase(l.begin);  // a period that ends where the contract begins is none
    REQUIRE(levels_of(results) == want);
  });
}

TEST_CASE("TAF 6: random years") {
  each_year([](life& l) {
    auto c = make_contract(staged(6, l.begin, 0)).value();
    CHECK(feed(*c, l.list).empty());
    std::vector<list_entry> midnights;
    for (const auto& e : l.list) {
      const zoned_time local{"Europe/Berlin", floor<seconds>(e.target)};
      if (local.get_local_time() == floor<days>(local.get_local_time())) midnights.push_back(e);
    }
    REQUIRE(midnights.size() >= 364);
    for (std::size_t back = 1; back <= midnights.size(); back += back < 50 ? 1 : 37) {
      const auto& wanted = midnights[midnights.size() - back];
      const auto released = c->happened({.id = "release", .at = {}, .amount = {}, .day = wanted.target + 6h});
      REQUIRE(released.has_value() == (back <= 42));
      if (released) REQUIRE(released->results.at(0).entries == std::vector{wanted});
    }
  });
}

TEST_CASE("TAF 7: random years") {
  each_year([](life& l) {
    auto p = staged(7, l.begin, 0);
    auto c = make_contract(p).value();
    std::vector<list_entry> sent;
    auto last_to = l.begin;
    for (const auto& r : feed(*c, l.list)) {
      REQUIRE(r.from == last_to);
      last_to = r.to;
      sent.insert(sent.end(), r.entries.begin(), r.entries.end());
    }
    REQUIRE(sent.size() + 100 > l.list.size());
    REQUIRE(std::equal(sent.begin(), sent.end(), l.list.begin()));
  });
}

TEST_CASE("TAF 8: random years") {
  each_year([](life& l) {
    const auto p = staged(8, l.begin, 0);
    auto c = make_contract(p).value();
    std::map<timestamp, std::pair<std::vector<power>, std::vector<power>>> got;
    for (const auto& r : feed(*c, l.list)) {
      auto& into = r.note == "minima" ? got[r.to].first : got[r.to].second;
      for (const auto& e : r.entries) into.push_back({e.value.value.value, e.target});
    }
    REQUIRE(got == extremes(l.list, p.extreme.minima, p.extreme.maxima));
  });
}

TEST_CASE("TAF 9, 10, 14: random years") {
  for (const unsigned taf : {9U, 10U, 14U})
    each_year([taf](life& l) {
      auto p = staged(taf, l.begin, 0);
      p.delivery = {.seconds = 1h};
      const auto middle = l.list[l.list.size() / 2].value.value.value;
      p.triggers = {{.register_name = import_total,
                     .above = decimal{.value = middle + 5000, .scaler = 0},
                     .below = decimal{.value = 500, .scaler = 0}}};
      auto c = make_contract(p).value();
      std::vector<timestamp> crossed;
      std::vector<list_entry> sent;
      for (const auto& r : feed(*c, l.list)) {
        CHECK_FALSE(r.keep);
        if (r.note == "threshold")
          crossed.push_back(r.entries.at(0).target);
        else
          sent.insert(sent.end(), r.entries.begin(), r.entries.end());
      }
      REQUIRE(crossed == crossings(l.list, middle + 5000, 500));
      if (taf == 9) {
        REQUIRE(sent.empty());
        return;
      }
      REQUIRE(sent.size() + 5 > l.list.size());
      for (std::size_t i = 0; i < sent.size(); ++i) {
        auto want = l.list[i];
        if (taf == 14) want.value.status.smgw |= 1U << 1;
        REQUIRE(sent[i] == want);
      }
    });
}

TEST_CASE("TAF 11: random years") {
  each_year([](life& l) {
    auto c = make_contract(staged(11, l.begin, 0)).value();
    std::optional<list_entry> newest;
    for (const auto& e : l.list) {
      REQUIRE(c->consume(e)->results.empty());
      if (has_value(e)) newest = e;
      if (l.random() % 300U != 0) continue;
      const auto s = c->happened({.id = "limit-4200", .at = e.target + 7s}).value();
      REQUIRE(s.results.size() == 1);
      REQUIRE(s.results[0].entries == (newest ? std::vector{*newest} : std::vector<list_entry>{}));
    }
  });
}

TEST_CASE("TAF 12: random years") {
  each_year([](life& l) {
    auto p = staged(12, l.begin, 0);
    const auto available = static_cast<std::int64_t>(l.random() % 8'000'000U);
    const auto warn = static_cast<std::int64_t>(l.random() % 200'000U);
    const auto tolerance = static_cast<std::int64_t>(l.random() % 50'000U);
    p.prepaid = profile::prepayment{.available = {.value = available, .scaler = 0},
                                    .warn_below = {.value = warn, .scaler = 0},
                                    .tolerance = {.value = tolerance, .scaler = 0},
                                    .breaker = "house"};
    auto c = make_contract(p).value();
    std::vector<std::pair<timestamp, std::string>> got;
    for (const auto& r : feed(*c, l.list))
      if (r.kind == result_kind::event) got.emplace_back(r.to, r.note);
    REQUIRE(got == prepaid(l.list, available, warn, tolerance));
  });
}

TEST_CASE("TAF 13: random years show what the source yields") {
  each_year([](life& l) {
    auto p = staged(2, l.begin, 0);
    auto source = make_contract(p).value();
    p.taf = 13;
    p.shown = 2;
    auto shown = make_contract(p).value();
    auto want = feed(*source, l.list);
    for (auto& r : want) r.taf = 13;
    REQUIRE(feed(*shown, l.list) == want);
  });
}
