// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

// A year in a house: from telegrams over original lists to every tariff use case, with what happens in a year.
#include "domain/tariff/lists.hpp"
#include "domain/tariff/naive_more.hpp"
#include "domain/value_list/original_list.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace smgw;
using namespace smgw::naive;
using tariff::make_contract;
using tariff::result_kind;

namespace {

const device_id house = device_id::parse("1EMH0010482201").value();
const device_id heat_pump = device_id::parse("1ISK0070000002").value();
const device_id heat_pump_new = device_id::parse("1ISK0070000777").value();
const auto begin = at("2026-01-01T00:00:00+01:00");
const auto end = at("2027-01-01T00:00:00+01:00");
const auto exchange = at("2026-07-15T00:00:00+02:00");       // the heat pump's meter is replaced at noon before
const auto tariff_change = at("2026-09-17T00:00:00+02:00");  // in the middle of a month

/// One register of one meter: counts, sends a telegram each 15 minutes, a few seconds around the quarter hour.
struct source {
  device_id meter;
  obis name;
  std::int64_t level;
  unsigned most;  ///< Wh of a quarter hour
  timestamp alive_from, alive_until;
  value_list::original_list list;
  std::vector<list_entry> entries{};

  source(device_id m, obis n, std::int64_t first, unsigned most_wh, timestamp from, timestamp until)
      : meter(m),
        name(n),
        level(first),
        most(most_wh),
        alive_from(from),
        alive_until(until),
        list(value_list::original_list::create({.meter = m, .register_name = n}, std::nullopt, from - 1min).value()) {}
};

/// The gateway has no power: nothing is taken, nothing is finished.
bool gateway_off(timestamp t) { return t > at("2026-02-10T14:00:00+01:00") && t < at("2026-02-12T03:20:00+01:00"); }
/// The line to the meters is broken, over the night in which the clock changes.
bool line_broken(timestamp t) { return t > at("2026-03-28T21:00:00+01:00") && t < at("2026-03-29T06:40:00+02:00"); }

struct year_of_a_house {
  std::mt19937 random{2026};
  std::vector<source> sources;

  year_of_a_house() {
    sources.emplace_back(house, import_total, 1'234'567, 900, begin - 1h, end + 1h);
    sources.emplace_back(house, export_total, 88, 400, begin - 1h, end + 1h);
    sources.emplace_back(heat_pump, import_total, 987'654'321, 700, begin - 1h, exchange - 12h);
    sources.emplace_back(heat_pump_new, import_total, 12, 700, exchange - 11h, end + 1h);
    for (auto t = begin - 1h; t < end + 30min; t += 15min)
      for (auto& s : sources) pass(s, t);
  }

  void pass(source& s, timestamp t) {
    if (t < s.alive_from) return;
    // consumption goes on whether anyone looks or not
    if (t < s.alive_until) s.level += static_cast<std::int64_t>(random() % s.most);
    if (gateway_off(t)) return;
    const auto arrives = t + milliseconds{static_cast<std::int64_t>(random() % 16000U) - 8000};
    if (t < s.alive_until && !line_broken(t)) {
      const reading r{.meter = s.meter,
                      .register_name = s.name,
                      .value = {.value = s.level, .scaler = 0},
                      .measured = unit::watt_hour,
                      .captured = arrives,
                      .status = status::build(status::meter_kind::electricity, 4)};
      std::ranges::move(s.list.offer(r, arrives).finished, std::back_inserter(s.entries));
    }
    std::ranges::move(s.list.tick(t + 10s), std::back_inserter(s.entries));
  }

  [[nodiscard]] const std::vector<list_entry>& of(const device_id& m, const obis& n = import_total) const {
    return std::ranges::find_if(sources, [&](const source& s) { return s.meter == m && s.name == n; })->entries;
  }
  /// All entries, as they are stored: by target, meters side by side.
  [[nodiscard]] std::vector<list_entry> all() const {
    std::vector<list_entry> out;
    for (const auto& s : sources) out.insert(out.end(), s.entries.begin(), s.entries.end());
    std::ranges::stable_sort(out, {}, &list_entry::target);
    return out;
  }
};

const year_of_a_house& the_year() {
  static const year_of_a_house y;
  return y;
}

profile::evaluation contract_of(unsigned taf, const device_id& m, timestamp from, std::optional<timestamp> until) {
  auto p = staged(taf, from, taf == 4 ? 300'000 : 1500);
  p.inputs = {{.meter = m, .register_name = import_total}};
  p.valid_until = until;
  p.events = {{.event = "high", .stage = 1}, {.event = "low", .stage = 2}};
  p.prepaid = profile::prepayment{.available = {.value = 9'000'000, .scaler = 0},
                                  .warn_below = {.value = 100'000, .scaler = 0},
                                  .tolerance = {.value = 1000, .scaler = 0},
                                  .breaker = "house"};
  return p;
}

/// Runs a contract over the year; the process dies now and then and goes on from the stored cursor.
std::vector<tariff::result> live(const profile::evaluation& p, unsigned seed = 1) {
  std::mt19937 random{seed};
  const auto all = the_year().all();
  std::vector<tariff::result> out;
  auto c = make_contract(p).value();
  auto stored = c->position();
  for (std::size_t i = 0; i < all.size(); ++i) {
    const auto& e = all[i];
    if (random() % 5000U == 0) {
      c = make_contract(p, tariff::decode_cursor(tariff::encode(stored)).value()).value();
      // replays what came after the cursor
      auto k =
          static_cast<std::size_t>(std::ranges::upper_bound(all, stored.until, {}, &list_entry::target) - all.begin());
      for (; k < i; ++k) REQUIRE(c->consume(all[k])->results.empty());
    }
    auto s = c->consume(e).value();
    if (s.advanced) stored = *s.advanced;
    std::ranges::move(s.results, std::back_inserter(out));
  }
  std::ranges::move(c->tick(end + 3h)->results, std::back_inserter(out));
  return out;
}

std::int64_t last_level(const std::vector<tariff::result>& results, unsigned e) {
  std::int64_t level = -1;
  for (const auto& r : results)
    if (r.kind == result_kind::registers &&
        (r.register_name.code[4] == e || (e == 0 && r.register_name == import_total)))
      level = r.entries.at(0).value.value.value;
  return level;
}

/// What the meter counted between its first and its last value that counts within [from, to].
std::int64_t counted(const std::vector<list_entry>& list, timestamp from, timestamp to) {
  std::optional<std::int64_t> first, last;
  for (const auto& e : list) {
    if (e.target < from || e.target > to || !counts(e)) continue;
    first = first.value_or(e.value.value.value);
    last = e.value.value.value;
  }
  return *last - *first;
}

}  // namespace

TEST_CASE("the year's original lists: each quarter hour once, the outages as gaps, both changes of the clock") {
  const auto& list = the_year().of(house);
  std::size_t gaps = 0;
  for (std::size_t i = 0; i < list.size(); ++i) {
    if (i > 0) REQUIRE(list[i].target - list[i - 1].target == 15min);
    gaps += counts(list[i]) ? 0U : 1U;
  }
  CHECK(std::ranges::count_if(list, [](const auto& e) { return e.target >= begin && e.target < end; }) == 365 * 96);
  // 37 hours and 20 minutes without power, 8 hours and 40 minutes of a broken line (an hour is left out)
  CHECK(gaps == 149 + 34);
}

TEST_CASE("TAF 1 to 5 over the year: registers sum up to the meter's difference, to the last digit", "[FDP_IFC.2]") {
  for (const auto& [meter, from, to] :
       {std::tuple{house, begin, tariff_change}, std::tuple{house, tariff_change, end},
        std::tuple{heat_pump, begin, exchange}, std::tuple{heat_pump_new, exchange, end}}) {
    const auto wanted = counted(the_year().of(meter), from, to);
    for (unsigned taf = 1; taf <= 5; ++taf) {
      INFO("TAF " << taf << " " << meter.text());
      const auto results = live(contract_of(taf, meter, from, to), taf);
      if (taf == 1) {
        std::optional<std::int64_t> first;
        for (const auto& e : the_year().of(meter))
          if (!first && e.target >= from && counts(e)) first = e.value.value.value;
        CHECK(last_level(results, 0) - *first == wanted);
        continue;
      }
      CHECK(last_level(results, 0) == wanted);
      CHECK(last_level(results, 1) + last_level(results, 2) + last_level(results, 63) == wanted);
    }
  }
}

TEST_CASE("the tariff changes in the middle of a month: no energy is counted twice and none is lost") {
  const auto before = live(contract_of(2, house, begin, tariff_change));
  const auto after = live(contract_of(2, house, tariff_change, end));
  CHECK(last_level(before, 0) + last_level(after, 0) == counted(the_year().of(house), begin, end));
  // the last period of the old tariff ends with it, the first of the new one begins there; months count from that day
  CHECK(before.back().to == tariff_change);
  CHECK(after.front().from == tariff_change);
  CHECK(after.front().to == at("2026-10-17T00:00:00+02:00"));
}

TEST_CASE("the meter is exchanged: both contracts together hold what both meters counted") {
  const auto first = live(contract_of(2, heat_pump, begin, exchange));
  const auto second = live(contract_of(2, heat_pump_new, exchange, end));
  CHECK(last_level(first, 0) == counted(the_year().of(heat_pump), begin, exchange));
  CHECK(last_level(second, 0) == counted(the_year().of(heat_pump_new), exchange, end));
}

TEST_CASE("sums and differences of meters over half a year") {
  for (const int sign : {1, -1}) {
    auto p = contract_of(1, house, begin, exchange - 1 * 24h);
    p.inputs.push_back({.meter = heat_pump, .register_name = import_total, .sign = sign});
    const auto results = live(p);
    const auto to = *p.valid_until;
    std::int64_t first = 0;
    for (const auto& [m, s] : {std::pair{house, 1}, std::pair{heat_pump, sign}})
      for (const auto& e : the_year().of(m))
        if (e.target == begin) first += s * e.value.value.value;
    CHECK(last_level(results, 0) - first ==
          counted(the_year().of(house), begin, to) + sign * counted(the_year().of(heat_pump), begin, to));
  }
}

TEST_CASE("TAF 7, 13 and 14 over the year hand over the original list, gaps and all") {
  for (const unsigned taf : {7U, 13U, 14U}) {
    auto p = contract_of(taf, house, begin, std::nullopt);
    p.inputs.push_back({.meter = house, .register_name = export_total});
    p.shown = 7;
    std::vector<list_entry> got_import, got_export;
    std::size_t days = 0;
    for (const auto& r : live(p, taf)) {
      auto& into = r.register_name == import_total ? got_import : got_export;
      days += r.register_name == import_total ? 1U : 0U;
      into.insert(into.end(), r.entries.begin(), r.entries.end());
    }
    CHECK(days == 365);
    for (const auto& [got, name] : {std::pair{&got_import, import_total}, std::pair{&got_export, export_total}}) {
      std::vector<list_entry> want;
      for (auto e : the_year().of(house, name)) {
        if (e.target < begin || e.target > end) continue;
        if (taf == 14) e.value.status.smgw |= status::value_not_validated;
        want.push_back(e);
      }
      CHECK(*got == want);
    }
  }
}

TEST_CASE("TAF 6, 8, 9, 10, 11, 12 over the year") {
  const auto& list = the_year().of(house);
  std::vector<list_entry> valid;
  for (const auto& e : list)
    if (e.target >= begin && e.target <= end) valid.push_back(e);

  std::map<timestamp, std::pair<std::vector<power>, std::vector<power>>> got;
  const auto eight = contract_of(8, house, begin, std::nullopt);
  for (const auto& r : live(eight))
    for (const auto& e : r.entries)
      (r.note == "minima" ? got[r.to].first : got[r.to].second).push_back({e.value.value.value, e.target});
  CHECK(got == extremes(valid, eight.extreme.minima, eight.extreme.maxima));
  CHECK(got.size() == 12);

  std::vector<std::pair<timestamp, std::string>> told;
  for (const auto& r : live(contract_of(12, house, begin, std::nullopt)))
    if (r.kind == result_kind::event) told.emplace_back(r.to, r.note);
  CHECK(told == prepaid(valid, 9'000'000, 100'000, 1000));
  CHECK(told.size() == 3);

  for (const unsigned taf : {9U, 10U}) {
    auto p = contract_of(taf, house, begin, std::nullopt);
    const auto limit = valid[20'000].value.value.value;
    p.triggers = {{.register_name = import_total, .above = decimal{.value = limit, .scaler = 0}, .below = {}}};
    std::size_t crossed = 0;
    for (const auto& r : live(p)) crossed += r.note == "threshold" ? 1U : 0U;
    CHECK(crossed == 1);
  }

  for (const unsigned taf : {6U, 11U}) {
    auto c = make_contract(contract_of(taf, house, begin, std::nullopt)).value();
    for (const auto& e : valid) CHECK(c->consume(e)->results.empty());
    const auto s = c->happened({.id = taf == 6 ? "release" : "limit-4200", .at = end + 1s}).value();
    REQUIRE(s.results.size() == 1);
    CHECK(s.results[0].entries.at(0) == valid.back());
  }
}

TEST_CASE(
    "the year's lists for the consumer: a row a day, twelve bills, and the derived list ends where the bill does") {
  const auto p = contract_of(2, house, begin, end);
  const auto& list = the_year().of(house);
  auto c = make_contract(p).value();
  const auto derived = tariff::replay(*c, list, tariff::list_kind::derived, begin, end).value();
  c = make_contract(p).value();
  const auto daily = tariff::replay(*c, list, tariff::list_kind::daily, begin, end).value();
  c = make_contract(p).value();
  const auto billing = tariff::replay(*c, list, tariff::list_kind::billing, begin, end).value();
  CHECK(billing.size() == 12);
  CHECK(daily.size() == 366 - 3);  // midnights of 11 and 12 February and of 29 March have no value
  CHECK(derived.size() == 365 * 96 + 1 - 183);
  CHECK(billing.back().registers.front().value.value == derived.back().registers.front().value.value);
}
