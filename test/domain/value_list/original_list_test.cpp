// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "domain/value_list/original_list.hpp"

#include "domain/lists.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace smgw;
using namespace smgw::lists;
using namespace smgw::value_list;

namespace {

settings quarter_hour() { return {.meter = meter_a, .register_name = import_total}; }
settings seconds_of(seconds period) {
  return {.meter = meter_a, .register_name = import_total, .period = period, .window_minimum = 250ms};
}

reading at_time(timestamp captured, std::int64_t value) {
  auto r = entry({}, value).value;
  r.captured = captured;
  return r;
}

original_list list_from(std::string_view now, settings s = quarter_hour()) {
  return original_list::create(s, std::nullopt, at(now)).value();
}

}  // namespace

TEST_CASE("the acceptance window is one per cent of the period on each side") {
  CHECK(half_window(quarter_hour()) == 9s);
  CHECK(half_window({.period = 3600s}) == 36s);
  CHECK(half_window(seconds_of(5s)) == 250ms);
  CHECK(half_window({.period = 1s, .window_minimum = 10s}) == 499ms);
}

TEST_CASE("periods divide the hour") {
  for (const auto good : {1s, 2s, 3s, 4s, 5s, 60s, 900s, 1800s, 3600s}) CHECK(valid_period(good));
  for (const auto bad : {0s, -900s, 7s, 3599s, 7200s, 86400s}) CHECK_FALSE(valid_period(bad));
  auto s = quarter_hour();
  s.period = 7s;
  CHECK(original_list::create(s, std::nullopt, at("2026-05-14T22:00:00Z")).error().code == errc::malformed);
  CHECK(original_list::create(quarter_hour(), at("2026-05-14T22:00:01Z"), at("2026-05-14T22:00:05Z")).error().code ==
        errc::malformed);
}

TEST_CASE("a reading within the window fills its slot when the window is closed") {
  auto list = list_from("2026-05-14T21:59:00Z");
  CHECK(list.next_target() == at("2026-05-14T22:00:00Z"));
  const auto r = at_time(at("2026-05-14T22:00:01Z"), 100);
  auto got = list.offer(r, at("2026-05-14T22:00:01Z"));
  CHECK(got.result == outcome::accepted);
  CHECK(got.finished.empty());
  CHECK(list.next_deadline() == at("2026-05-14T22:00:09.501Z"));
  CHECK(list.tick(at("2026-05-14T22:00:09.5Z")).empty());
  const auto done = list.tick(list.next_deadline());
  REQUIRE(done.size() == 1);
  CHECK(done[0].target == at("2026-05-14T22:00:00Z"));
  CHECK(done[0].value == r);
  CHECK(list.counts().values == 1);
  CHECK(list.next_target() == at("2026-05-14T22:15:00Z"));
}

TEST_CASE("edges of the window belong to it") {
  for (const auto offset : {-9000ms, 9000ms}) {
    auto list = list_from("2026-05-14T21:50:00Z");
    const auto captured = at("2026-05-14T22:00:00Z") + offset;
    CHECK(list.offer(at_time(captured, 1), captured + 500ms).result == outcome::accepted);
  }
  for (const auto offset : {-9001ms, 9001ms}) {
    auto list = list_from("2026-05-14T21:50:00Z");
    const auto captured = at("2026-05-14T22:00:00Z") + offset;
    CHECK(list.offer(at_time(captured, 1), captured).result == outcome::outside_window);
  }
}

TEST_CASE("a slot without value becomes a gap with SMGW_NoValue, never a substitute") {
  auto list = list_from("2026-05-14T21:59:00Z");
  CHECK(list.offer(at_time(at("2026-05-14T22:00:01Z"), 100), at("2026-05-14T22:00:01Z")).result == outcome::accepted);
  const auto done = list.tick(at("2026-05-14T22:31:00Z"), {.time_not_valid = true});
  REQUIRE(done.size() == 3);
  CHECK(status::has_value(done[0].value.status));
  for (std::size_t i = 1; i < 3; ++i) {
    CHECK_FALSE(status::has_value(done[i].value.status));
    CHECK(done[i].value.status.smgw == (status::fixed | status::no_value | status::time_not_valid));
    CHECK(done[i].value.value == decimal{});
    CHECK(done[i].value.captured == done[i].target);
    CHECK(done[i].value.meter == meter_a);
  }
  CHECK(list.counts().gaps == 2);
}

TEST_CASE("the reading nearest to the nominal instant wins, in whatever order they come") {
  std::vector<reading> readings;
  for (const auto& [offset, value] : {std::pair{-8, 1}, {-3, 2}, {2, 3}, {-2, 4}, {7, 5}})
    readings.push_back(at_time(at("2026-05-14T22:00:00Z") + seconds{offset}, value));
  std::ranges::sort(readings, {}, &reading::captured);
  std::vector<std::size_t> order{0, 1, 2, 3, 4};
  do {
    auto list = list_from("2026-05-14T21:50:00Z");
    for (const auto i : order) (void)list.offer(readings[i], at("2026-05-14T22:00:08Z"));
    const auto done = list.tick(at("2026-05-14T22:00:10Z"));
    REQUIRE(done.size() == 1);
    REQUIRE(done[0].value.value.value == 4);  // -2 s and +2 s are equally near: the earlier one
  } while (std::ranges::next_permutation(order).found);
}

TEST_CASE("what does not belong is refused and counted by its reason") {
  auto list = list_from("2026-05-14T21:50:00Z");
  const auto now = at("2026-05-14T22:00:20Z");
  auto foreign = at_time(at("2026-05-14T22:00:01Z"), 1);
  foreign.meter = meter_b;
  CHECK(list.offer(foreign, now).result == outcome::foreign);
  foreign = at_time(at("2026-05-14T22:00:01Z"), 1);
  foreign.measured = unit::var_hour;
  CHECK(list.offer(foreign, now).result == outcome::foreign);
  foreign = at_time(at("2026-05-14T22:00:01Z"), 1);
  foreign.register_name = export_total;
  CHECK(list.offer(foreign, now).result == outcome::foreign);
  CHECK(list.offer(at_time(now + 501ms, 1), now).result == outcome::future);
  CHECK(list.offer(at_time(timestamp::max(), 1), now).result == outcome::future);
  CHECK(list.offer(at_time(timestamp::min(), 1), now).result == outcome::late);
  CHECK(list.offer(at_time(at("2026-05-14T22:00:01Z"), 1), now).result == outcome::late);
  CHECK(list.offer(at_time(at("2026-05-14T22:00:15Z"), 1), now).result == outcome::outside_window);
  CHECK(list.counts()[outcome::foreign] == 3);
  CHECK(list.counts()[outcome::late] == 2);
  CHECK(list.counts()[outcome::future] == 2);
  CHECK(list.counts()[outcome::outside_window] == 1);
}

TEST_CASE("a repeated telegram is counted once") {
  auto list = list_from("2026-05-14T21:59:00Z");
  const auto r = at_time(at("2026-05-14T22:00:01Z"), 100);
  CHECK(list.offer(r, r.captured).result == outcome::accepted);
  CHECK(list.offer(r, r.captured).result == outcome::duplicate);
  auto forged = r;
  forged.value.value = 999;  // the same instant with another value: the first one stands
  CHECK(list.offer(forged, r.captured).result == outcome::duplicate);
  const auto done = list.tick(at("2026-05-14T22:00:10Z"));
  REQUIRE(done.size() == 1);
  CHECK(done[0].value.value.value == 100);
  CHECK(list.offer(r, at("2026-05-14T22:00:11Z")).result == outcome::late);
}

TEST_CASE("after a restart the list goes on behind its last stored target") {
  auto list = original_list::create(quarter_hour(), at("2026-05-14T22:00:00Z"), at("2026-05-14T23:05:00Z")).value();
  CHECK(list.next_target() == at("2026-05-14T22:15:00Z"));
  const auto missed = list.tick(at("2026-05-14T23:05:00Z"));
  REQUIRE(missed.size() == 4);
  CHECK(missed.front().target == at("2026-05-14T22:15:00Z"));
  CHECK(missed.back().target == at("2026-05-14T23:00:00Z"));
  CHECK(std::ranges::none_of(missed, [](const auto& e) { return status::has_value(e.value.status); }));
}

TEST_CASE("a new list begins with the first window that is not over") {
  CHECK(list_from("2026-05-14T22:00:09Z").next_target() == at("2026-05-14T22:00:00Z"));
  CHECK(list_from("2026-05-14T22:00:10Z").next_target() == at("2026-05-14T22:15:00Z"));
}

TEST_CASE("a clock set years ahead neither blocks nor floods") {
  auto list = original_list::create(quarter_hour(), at("1990-01-01T00:00:00Z"), at("2026-05-14T22:07:00Z")).value();
  std::size_t entries = 0;
  auto last = at("1990-01-01T00:00:00Z");
  for (int calls = 0; list.next_deadline() <= at("2026-05-14T22:07:00Z"); ++calls) {
    REQUIRE(calls < 100);
    const auto batch = list.tick(at("2026-05-14T22:07:00Z"));
    REQUIRE(batch.size() <= max_batch);
    for (const auto& e : batch) {
      REQUIRE(e.target > last);
      last = e.target;
    }
    entries += batch.size();
  }
  CHECK(entries == max_backfill);
  CHECK(last == at("2026-05-14T22:00:00Z"));
  const auto slots = static_cast<std::uint64_t>((last - at("1990-01-01T00:00:00Z")) / 900s);
  CHECK(list.counts().skipped == slots - max_backfill);
}

TEST_CASE("a clock set back makes no slot twice") {
  auto list = list_from("2026-05-14T21:59:00Z");
  CHECK(list.tick(at("2026-05-14T22:16:00Z")).size() == 2);
  CHECK(list.tick(at("2026-05-14T21:00:00Z")).empty());
  const auto r = at_time(at("2026-05-14T22:00:01Z"), 1);
  CHECK(list.offer(r, r.captured).result == outcome::late);
  CHECK(list.tick(at("2026-05-14T22:31:00Z")).size() == 1);
}

TEST_CASE("short periods for demonstrations keep several windows apart") {
  auto list = list_from("2026-05-14T22:00:00.1Z", seconds_of(1s));
  std::vector<list_entry> all;
  for (int i = 0; i <= 20; ++i) {
    const auto t = at("2026-05-14T22:00:00Z") + i * 500ms;  // every other one is between windows
    auto got = list.offer(at_time(t, i), t + 100ms);
    CHECK(got.result == (i % 2 == 0 ? outcome::accepted : outcome::outside_window));
    std::ranges::move(got.finished, std::back_inserter(all));
  }
  std::ranges::move(list.tick(at("2026-05-14T22:00:11Z")), std::back_inserter(all));
  REQUIRE(all.size() == 11);
  for (std::size_t i = 0; i < all.size(); ++i) CHECK(all[i].value.value.value == static_cast<std::int64_t>(2 * i));
}

TEST_CASE("a random stream: each slot once, in order, with the nearest reading or none") {
  for (unsigned seed = 1; seed <= 200; ++seed) {
    std::mt19937 random{seed};
    const auto begin = at("2026-03-28T20:00:00Z");
    auto list = original_list::create(quarter_hour(), begin - 15min, begin).value();
    std::map<timestamp, reading> best;  // the naive model: keep everything, choose at the end
    std::vector<list_entry> out;
    auto t = begin - 20s;
    const auto end = begin + hours{6};
    while (t < end) {
      t += milliseconds{random() % 12'000U};
      const auto r = at_time(t, static_cast<std::int64_t>(random() % 1000));
      const auto nominal = timestamp{(t.time_since_epoch() + 450s) / 900s * 900s};
      if (abs(t - nominal) <= 9s && random() % 3 == 0) {
        const auto [slot, fresh] = best.try_emplace(nominal, r);
        if (!fresh && abs(t - nominal) < abs(slot->second.captured - nominal)) slot->second = r;
        for (unsigned n = 1 + random() % 2; n > 0; --n) {
          auto got = list.offer(r, t + milliseconds{random() % 500U});
          std::ranges::move(got.finished, std::back_inserter(out));
        }
      }
    }
    std::ranges::move(list.tick(end + 10s), std::back_inserter(out));
    REQUIRE(out.size() == 25);
    for (std::size_t i = 0; i < out.size(); ++i) {
      const auto target = begin + static_cast<std::int64_t>(i) * 900s;
      REQUIRE(out[i].target == target);
      const auto want = best.find(target);
      REQUIRE(status::has_value(out[i].value.status) == (want != best.end()));
      if (want != best.end()) REQUIRE(out[i].value == want->second);
    }
  }
}
