// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "domain/tariff/lists.hpp"

#include "domain/tariff/naive.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace smgw;
using namespace smgw::naive;
using tariff::list_kind;
using tariff::make_contract;
using tariff::register_row;

namespace {

const auto january = at("2026-01-01T00:00:00+01:00");

std::vector<register_row> rows_of(list_kind kind, const profile::evaluation& p, const std::vector<list_entry>& list,
                                  timestamp from = timestamp::min(), timestamp to = timestamp::max()) {
  auto c = make_contract(p).value();
  return tariff::replay(*c, list, kind, from, to).value();
}

std::int64_t level(const register_row& r, unsigned e) {
  for (const auto& x : r.registers)
    if (x.value.register_name.code[4] == e) return x.value.value.value;
  FAIL("no register " << e);
  return -1;
}

}  // namespace

TEST_CASE("the derived list has the registers of each registration period, and its last row of a period is the bill's",
          "[FDP_IFC.2]") {
  const auto p = staged(2, january, 0);
  const auto list = quarter_hours(january, 32 * 96, [](std::size_t i) { return std::int64_t(7 * i); });
  const auto derived = rows_of(list_kind::derived, p, list);
  REQUIRE(derived.size() == list.size());
  for (std::size_t i = 0; i < derived.size(); ++i) {
    CHECK(derived[i].at == list[i].target);
    // what the stages got is what the meter counted, at every instant
    REQUIRE(level(derived[i], 0) == static_cast<std::int64_t>(7 * i));
    REQUIRE(level(derived[i], 1) + level(derived[i], 2) + level(derived[i], 63) == level(derived[i], 0));
  }
  const auto billing = rows_of(list_kind::billing, p, list);
  REQUIRE(billing.size() == 1);
  CHECK(billing[0].at == at("2026-02-01T00:00:00+01:00"));
  CHECK(billing[0].registers == derived[31 * 96].registers);
}

TEST_CASE("the switch list shows from when on which stage was active, and the registers at that instant") {
  const auto p = staged(2, january, 0);
  // 2 January 2026 is a Friday, 3 January a Saturday: switches at 6 and 22 o'clock on the 2nd only
  const auto list = quarter_hours(january, 4 * 96, [](std::size_t i) { return std::int64_t(i); });
  const auto switches = rows_of(list_kind::switches, p, list, at("2026-01-02T00:00:00+01:00"));
  REQUIRE(switches.size() == 2);
  CHECK(switches[0].at == at("2026-01-02T06:00:00+01:00"));
  CHECK(switches[0].stage == 1U);
  CHECK(switches[1].at == at("2026-01-02T22:00:00+01:00"));
  CHECK(switches[1].stage == 2U);
  CHECK(level(switches[1], 1) - level(switches[0], 1) == 16 * 4);
  CHECK(level(switches[1], 2) == level(switches[0], 2));
}

TEST_CASE("a daily row stands at each local midnight, also in days of 23 and 25 hours") {
  const auto p = staged(1, at("2026-03-01T00:00:00+01:00"), 0);
  const auto year = 306 * 96;  // to 1 January; one hour less and one more
  const auto list = quarter_hours(p.valid_from, year, [](std::size_t i) { return std::int64_t(i); });
  const auto daily = rows_of(list_kind::daily, p, list);
  REQUIRE(daily.size() == 306);
  const auto expected = tariff::instants(p, list_kind::daily, p.valid_from, list.back().target, 1000).value();
  REQUIRE(expected.size() == 306);
  for (std::size_t i = 0; i < daily.size(); ++i) REQUIRE(daily[i].at == expected[i]);
  const auto spring = std::ranges::find(daily, at("2026-03-29T00:00:00+01:00"), &register_row::at);
  CHECK((spring + 1)->at == at("2026-03-30T00:00:00+02:00"));
  CHECK(level(*(spring + 1), 0) - level(*spring, 0) == 92);
  const auto autumn = std::ranges::find(daily, at("2026-10-25T00:00:00+02:00"), &register_row::at);
  CHECK(level(*(autumn + 1), 0) - level(*autumn, 0) == 100);
}

TEST_CASE("a day whose midnight has no value has no daily row: nothing is put in its place") {
  const auto p = staged(1, january, 0);
  const auto list =
      quarter_hours(january, 3 * 96, [](std::size_t i) { return i == 96 ? std::optional<std::int64_t>{} : i; });
  const auto daily = rows_of(list_kind::daily, p, list);
  REQUIRE(daily.size() == 2);
  CHECK(daily[1].at == at("2026-01-03T00:00:00+01:00"));
}

TEST_CASE("a list formed from a cursor in the middle is the tail of the list formed from the beginning") {
  for (unsigned seed = 1; seed <= 60; ++seed) {
    std::mt19937 random{seed};
    const auto p = staged(1 + seed % 4, january, 3000);
    const auto list = random_list(random, january, 3500);
    const auto cut = random() % list.size();
    auto c = make_contract(p).value();
    for (std::size_t i = 0; i < cut; ++i) REQUIRE(c->consume(list[i]));
    auto again = make_contract(p, tariff::decode_cursor(tariff::encode(c->position())).value()).value();
    const auto from = list[cut].target;
    for (const auto kind : {list_kind::derived, list_kind::daily, list_kind::billing}) {
      INFO("seed " << seed << " " << to_string(kind));
      const auto tail = tariff::replay(*again, std::span{list}.subspan(cut), kind, from, timestamp::max()).value();
      REQUIRE(tail == rows_of(kind, p, list, from));
      again = make_contract(p, c->position()).value();
    }
  }
}

TEST_CASE("rows survive their encoding, and octets that are no row are refused") {
  const auto p = staged(2, january, 0);
  const auto list = quarter_hours(january, 30, [](std::size_t i) { return std::int64_t(i); });
  for (const auto& row : rows_of(list_kind::derived, p, list)) {
    auto octets = encode(row);
    REQUIRE(tariff::decode_row(octets).value() == row);
    octets.pop_back();
    CHECK(tariff::decode_row(octets).error().code == errc::malformed);
    octets.resize(octets.size() + 2);
    CHECK(tariff::decode_row(octets).error().code == errc::malformed);
  }
}

TEST_CASE("use cases without registers have no such lists") {
  auto c = make_contract(evaluation(7)).value();
  CHECK(tariff::replay(*c, {}, list_kind::derived, {}, {}).error().code == errc::unsupported);
  CHECK_FALSE(tariff::has_registers(evaluation(7)));
  CHECK(tariff::instants(evaluation(1), list_kind::derived, {}, {}, 1).error().code == errc::unsupported);
}

TEST_CASE("billing instants follow validity: the last period ends where validity does") {
  auto p = evaluation(1);
  p.valid_until = at("2026-03-15T00:00:00+01:00");
  const auto all = tariff::instants(p, list_kind::billing, p.valid_from, timestamp::max(), 100).value();
  REQUIRE(all.size() == 4);
  CHECK(all[0] == january);
  CHECK(all[1] == at("2026-02-01T00:00:00+01:00"));
  CHECK(all[3] == *p.valid_until);
}
