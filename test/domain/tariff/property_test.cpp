// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "domain/tariff/naive.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace smgw;
using namespace smgw::naive;
using tariff::make_contract;
using tariff::result;

namespace {

timestamp random_start(std::mt19937& random) {
  // around both changes of the clock, a leap day, the turn of the year
  static constexpr std::array starts{"2026-02-20T00:00:00+01:00", "2026-10-10T00:00:00+02:00",
                                     "2028-02-20T00:00:00+01:00", "2026-12-15T00:00:00+01:00",
                                     "2026-06-20T00:00:00+02:00"};
  return at(starts[random() % starts.size()]) + (random() % 96U) * 900s;
}

}  // namespace

TEST_CASE("no energy is lost, none invented: engines against the naive reference") {
  for (unsigned seed = 1; seed <= 1200; ++seed) {
    std::mt19937 random{seed};
    const std::array tafs{1U, 2U, 3U, 4U};
    const auto taf = tafs[seed % tafs.size()];
    const auto limit = static_cast<std::int64_t>(taf == 4 ? 20'000 + random() % 200'000U : random() % 4000U);
    // validity begins on the first of a month, the list somewhere behind it
    const auto start = random_start(random);
    const auto p = staged(taf, month_end(start - days{31}), limit);
    const auto list = random_list(random, start, 1500 + random() % 3000U);
    const auto want = evaluate(taf, list, limit);
    auto c = make_contract(p).value();
    registers got;
    for (const auto& r : feed(*c, list)) {
      REQUIRE(r.entries.size() == 1);
      const auto e = r.register_name.code[4];
      const auto stage = r.register_name == import_total ? 0U : unsigned{e};
      got[r.to][stage] = r.entries[0].value.value.value;
    }
    INFO("seed " << seed << " TAF " << taf);
    REQUIRE(got == want.levels);
    if (taf == 1) continue;
    for (const auto& [month, levels] : got) REQUIRE(levels.at(0) == levels.at(1) + levels.at(2) + levels.at(63));
  }
}

TEST_CASE("killed at any moment and built again from the last cursor, the same results come out, each once") {
  for (unsigned seed = 1; seed <= 300; ++seed) {
    std::mt19937 random{seed};
    const std::array tafs{1U, 2U, 3U, 4U, 7U, 8U};
    const auto taf = tafs[seed % tafs.size()];
    const auto p = staged(taf, random_start(random), 3000);
    const auto list = random_list(random, p.valid_from, 1000 + random() % 4000U);
    auto steady = make_contract(p).value();
    const auto want = feed(*steady, list);

    std::vector<result> got;
    std::optional<tariff::cursor> stored;
    auto c = make_contract(p).value();
    for (std::size_t i = 0; i < list.size(); ++i) {
      if (random() % 700U == 0) {
        if (random() % 3 == 0) stored = c->position();  // a cursor may be stored at any time
        if (stored) stored = tariff::decode_cursor(tariff::encode(*stored)).value();
        c = make_contract(p, stored).value();
        // the replay begins far too early and yields nothing that was emitted before
        for (std::size_t n = 0; n < i; ++n) REQUIRE(c->consume(list[n])->results.empty());
      }
      auto s = c->consume(list[i]).value();
      if (s.advanced) stored = s.advanced;
      std::ranges::move(s.results, std::back_inserter(got));
    }
    INFO("seed " << seed << " TAF " << taf);
    REQUIRE(got == want);
  }
}

TEST_CASE("the order in which lists of several meters arrive does not matter") {
  for (unsigned seed = 1; seed <= 60; ++seed) {
    std::mt19937 random{seed};
    const std::array tafs{1U, 2U, 3U, 4U, 7U};
    auto p = staged(tafs[seed % tafs.size()], random_start(random), 2000);
    p.inputs.push_back({.meter = meter_b, .register_name = import_total, .sign = seed % 2 == 0 ? 1 : -1});
    auto a = random_list(random, p.valid_from, 3200);
    auto b = random_list(random, p.valid_from, 3200);
    for (auto& e : b) e.value.meter = meter_b;
    std::vector<list_entry> in_step;
    std::vector<list_entry> mixed;
    for (std::size_t i = 0; i < a.size(); ++i) {
      in_step.push_back(a[i]);
      in_step.push_back(b[i]);
    }
    for (std::size_t i = 0, j = 0; i < a.size() || j < b.size();) {
      if (j == b.size() || (i < a.size() && random() % 2 == 0))
        mixed.push_back(a[i++]);
      else
        mixed.push_back(b[j++]);
    }
    auto one = make_contract(p).value();
    auto two = make_contract(p).value();
    REQUIRE(feed(*one, in_step) == feed(*two, mixed));
  }
}
