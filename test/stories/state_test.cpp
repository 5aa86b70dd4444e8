// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "domain/status/status.hpp"
#include "story.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace smgw;
using namespace std::chrono_literals;
using state::condition;

namespace {

constexpr auto meter = "1SMG0000000001";

struct state_story : test::story {
  state_story() {
    add_meter(meter);
    add_evaluation(7, meter);
  }
  std::string state_now() {
    for (const auto& [name, value] : report("state").fields)
      if (name == "operating state") return std::get<std::string>(value);
    return {};
  }
};

}  // namespace

TEST_CASE_METHOD(state_story, "while the time is not valid the gateway measures, delivers, and marks each value",
                 "[FPT_STM.1]") {
  start();
  live(2h);
  conditions->raise(condition::time_invalid, now());
  live(2h);
  CHECK(state_now() == "secure state measurement");
  conditions->clear(condition::time_invalid, now());
  live(2h);
  CHECK(state_now() == "normal");
  std::size_t marked = 0, good = 0;
  for (const auto& e : stored(meter)) {
    if (!status::has_value(e.value.status)) continue;
    ++((e.value.status.smgw & status::time_not_valid) != 0 ? marked : good);
  }
  CHECK(marked >= 7);
  CHECK(marked <= 9);
  CHECK(good >= 14);
  for (const auto* log : {"system", "calibration"}) {
    CHECK(records(log, "normal -> secure state measurement: the time is not valid").size() == 1);
    CHECK(records(log, "secure state measurement -> normal").size() == 1);
  }
  CHECK(counter("outbox", "waiting") == 0);
}

namespace {

struct time_story : state_story {
  time_story() { profiles.time = profile::time{.name = "time", .server = {"time.test", 123}}; }
  /// Values stored since, that are marked, and those that are not.
  std::pair<std::size_t, std::size_t> marks(timestamp since) {
    std::pair<std::size_t, std::size_t> n{};
    for (const auto& e : stored(meter))
      if (status::has_value(e.value.status) && e.target > since)
        ++((e.value.status.smgw & status::time_not_valid) != 0 ? n.first : n.second);
    return n;
  }
};

}  // namespace

TEST_CASE_METHOD(time_story, "until the time server answers, and when its last answer is too old, values are marked",
                 "[FPT_STM.1][REQ.TA.TLS.Handshake.160]") {
  time_server.down = true;
  start();
  const auto began = now();
  live(2h);
  CHECK(state_now() == "secure state measurement");
  CHECK(marks(began).first >= 7);
  CHECK(marks(began).second == 0);
  time_server.down = false;
  live(30min);
  CHECK(state_now() == "normal");
  const auto set = now();
  live(2h);
  CHECK(marks(set).first == 0);
  CHECK(marks(set).second >= 7);

  // 27 s at 50 ppm: the reserve lasts some six days.
  time_server.down = true;
  live(std::chrono::days{5}, 15min);
  CHECK(state_now() == "normal");
  live(std::chrono::days{2}, 15min);
  CHECK(state_now() == "secure state measurement");
  CHECK(marks(set).first > 0);
  time_server.down = false;
  live(30min);
  CHECK(state_now() == "normal");
  for (const auto* log : {"system", "calibration"})
    CHECK(records(log, "secure state measurement -> normal, no more: the time is not valid").size() == 2);
  CHECK(verify().whole);
}

TEST_CASE_METHOD(time_story, "a clock that deviates by more than 3 % of the period is a secure state until it is set",
                 "[FPT_STM.1][FPT_FLS.1]") {
  start();
  live(2h);
  REQUIRE(state_now() == "normal");
  const auto before = records("calibration", "secure state").size();
  counter_error = 26s;  // 27 s are allowed
  live(2h);
  CHECK(records("calibration", "secure state").size() == before);
  counter_error = 26s + 28s;
  live(2h);
  CHECK(state_now() == "normal");
  CHECK(records("calibration", "normal -> secure state application: the clock deviates").size() == 1);
  CHECK(records("calibration", "secure state application -> normal, no more: the clock deviates").size() == 1);
  CHECK(records("calibration", "clock corrected by -28").size() >= 1);
  CHECK(verify().whole);
}

TEST_CASE_METHOD(state_story, "in the secure state of the application nothing is taken and nothing leaves",
                 "[FPT_FLS.1]") {
  start();
  live(2h);
  conditions->raise(condition::clock_deviation, now());
  const auto delivered = emt.got.size();
  const auto entered = now();
  live(3h);
  CHECK(emt.got.size() <= delivered + 1);  // one may have been under way
  conditions->clear(condition::clock_deviation, now());
  live(2h);
  CHECK(emt.got.size() > delivered + 1);
  std::size_t gaps = 0;
  for (const auto& e : stored(meter))
    if (!status::has_value(e.value.status) && e.target >= entered) {
      ++gaps;
      CHECK((e.value.status.smgw & status::warning) != 0);
    }
  CHECK(gaps >= 11);
  CHECK(gaps <= 13);
}

TEST_CASE_METHOD(state_story, "a full calibration log is not overwritten: the gateway stops and says why",
                 "[FAU_STG.4]") {
  profiles.log.calibration_entries = 30;
  start();
  live(1h);
  CHECK(state_now() == "normal");
  for (int i = 0; i < 40 && conditions->now_in() == state::operating::normal; ++i) {
    conditions->raise(condition::time_invalid, now());
    live(5min);
    conditions->clear(condition::time_invalid, now());
    live(5min);
  }
  CHECK(state_now() == "secure state boot");
  CHECK(announced("the calibration log is nearly full") == 1);
  CHECK(announced("the calibration log is full: the gateway stops measuring") == 1);
  CHECK(counter("ledger", "records in calibration") == 30);
  const auto before = records("calibration", "");
  live(2h);
  CHECK(records("calibration", "") == before);
  CHECK(records("system", "calibration log has").size() == 1);
  CHECK(records("system", "the calibration log is full").size() >= 1);
  CHECK(verify().whole);
  // it stays so after a restart, and ends with a larger bound
  stop();
  conditions = std::make_shared<smgw::conditions>();
  start();
  live(15min);
  CHECK(state_now() == "secure state boot");
  stop();
  conditions = std::make_shared<smgw::conditions>();
  profiles.log.calibration_entries = 10'000;
  start();
  live(1h);
  CHECK(state_now() == "normal");
  CHECK(verify().whole);
}

TEST_CASE_METHOD(state_story, "the system log lets its oldest records go, and stays verifiable from where it begins",
                 "[FAU_STG.4]") {
  profiles.log.system_entries = 100;
  start();
  for (int i = 0; i < 12; ++i) {
    // no telegrams: each gap is an event; repeats collapse, changes of state do not
    for (int k = 0; k < 20; ++k) {
      conditions->raise(condition::time_invalid, now());
      conditions->clear(condition::time_invalid, now());
    }
    live(1h);
  }
  const auto kept = records("system", "");
  REQUIRE_FALSE(kept.empty());
  CHECK(kept.front().number > 1);
  CHECK(kept.size() < 100 + 256 + 64);
  for (std::size_t i = 1; i < kept.size(); ++i) CHECK(kept[i].number == kept[i - 1].number + 1);
  const auto verdict = verify();
  CHECK(verdict.whole);
  CHECK(std::ranges::any_of(verdict.lines, [](const auto& l) { return l.find("from number") != l.npos; }));
  crash();
  start();
  live(1h);
  CHECK(verify().whole);
}

TEST_CASE_METHOD(state_story, "self-tests: at the start, each day, and on request every ten minutes at most",
                 "[FPT_TST.1]") {
  start();
  live(5min);
  CHECK(counter("state", "self-tests") == 1);
  CHECK_FALSE(self_test());
  live(10min);
  const auto result = self_test();
  REQUIRE(result);
  CHECK(result->passed);
  CHECK(result->lines.size() == 4);
  live(25h);
  CHECK(counter("state", "self-tests") == 3);
  CHECK(counter("state", "failed self-tests") == 0);
  CHECK(records("consumer/consumer1", "self-test passed").size() == 3);
  CHECK(records("calibration", "self-test passed").size() == 3);
}

TEST_CASE_METHOD(state_story, "certificates that end are warned of once a day") {
  certificate_ends = {{"stadtwerk's TLS", now() + std::chrono::days{32}}};
  start();
  live(24h, 15min);
  CHECK(records("system", "certificate expires").empty());
  live(72h, 15min);
  CHECK(records("system", "certificate expires: stadtwerk's TLS").size() == 3);  // 30, 29 and 28 days before
}
