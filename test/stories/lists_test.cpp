// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "story.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace smgw;
using namespace std::chrono_literals;
using tariff::list_kind;

namespace {

constexpr auto meter = "1SMG0000000001";
constexpr auto contract_1 = "contract taf1-1smg0000000001";

struct lists_story : test::story {
  lists_story() {
    add_meter(meter, 1h);
    add_evaluation(1, meter);
  }
};

}  // namespace

TEST_CASE_METHOD(lists_story, "a contract's lists: kept rows and rows formed anew agree, also after a crash") {
  profiles.evaluations[0].billing = {.months = 0, .days = 1};
  start();
  live(73h, 20min);
  const auto begin = profiles.evaluations[0].valid_from;
  const auto daily = rows(contract_1, list_kind::daily, begin, now());
  const auto billing = rows(contract_1, list_kind::billing, begin, now());
  const auto derived = rows(contract_1, list_kind::derived, begin, now());
  CHECK(daily.size() >= 2);
  CHECK(billing.size() == daily.size());
  CHECK(derived.size() >= 70);
  for (const auto& d : daily) {
    const auto same = std::ranges::find(derived, d.at, &tariff::register_row::at);
    REQUIRE(same != derived.end());
    CHECK(same->registers.front().value.value == d.registers.front().value.value);
  }
  // the newest row of the derived list is what the meter shows
  CHECK(derived.back().registers.front().value.value.value == stored(meter).back().value.value.value);
  // from a snapshot on: only the open period is formed anew
  const auto tail = rows(contract_1, list_kind::derived, billing.back().at + 1ms, now());
  CHECK_FALSE(tail.empty());
  CHECK(tail.back() == derived.back());
  crash();
  start();
  advance(1min);
  CHECK(rows(contract_1, list_kind::daily, begin, now()) == daily);
  CHECK(rows(contract_1, list_kind::derived, begin, billing.back().at).size() >= 48);
}

TEST_CASE_METHOD(lists_story, "values for the moment go with the day; values for billing stay") {
  profiles.evaluations[0].taf = 14;
  start();
  live(75h, 20min);
  const auto now_kept = stored(meter);
  CHECK(counter("retention", "rounds") == 4);
  CHECK(counter("retention", "failed rounds") == 0);
  CHECK(now_kept.size() <= 28);
  CHECK(now_kept.front().target >= now() - 28h);
  for (std::size_t i = 1; i < now_kept.size(); ++i) CHECK(now_kept[i].target - now_kept[i - 1].target == 1h);
}

TEST_CASE_METHOD(lists_story, "when a profile is gone, everything of its contract goes a day later") {
  profiles.evaluations[0].billing = {.months = 0, .days = 1};
  start();
  live(50h, 20min);
  const auto begin = profiles.evaluations[0].valid_from;
  const auto gone = profiles.evaluations[0];
  REQUIRE_FALSE(rows(contract_1, list_kind::daily, begin, now()).empty());
  stop();
  profiles.evaluations.clear();
  start();
  live(75h, 20min);
  CHECK(counter("retention", "contracts forgotten") == 1);
  CHECK(stored(meter).size() <= 50);
  // the profile comes back: there is nothing left of what was before
  stop();
  profiles.evaluations = {gone};
  start();
  advance(1min);
  for (const auto& row : rows(contract_1, list_kind::daily, begin, now())) CHECK(row.at > begin + 50h);
}

TEST_CASE_METHOD(lists_story, "a recipient of pseudonyms gets the values and no name", "[FPR_PSE.1]") {
  profiles.evaluations[0].taf = 10;
  profiles.evaluations[0].recipients[0].pseudonym = true;
  start();
  live(5h, 20min);
  REQUIRE_FALSE(emt.got.empty());
  for (const auto& d : emt.got) {
    CHECK(d.content.source.ends_with(".ps"));
    for (const auto& c : d.content.channels) {
      CHECK(c.source.ends_with(".ps"));
      for (const auto& e : c.entries) CHECK(e.signature.empty());
    }
  }
}
