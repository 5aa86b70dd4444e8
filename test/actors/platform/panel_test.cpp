// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "actors/platform/panel.hpp"

#include "actors/platform/status_board.hpp"
#include "actors/platform/watchdog_feeder.hpp"
#include "actors/virtual_time.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace smgw;
using namespace std::chrono_literals;

namespace {

/// STATUS, as the test wants it to answer.
struct answers_so {
  gateway_status status;
  bool mute = false;
};
status_actor::behavior_type board_of(status_actor::pointer self, const std::shared_ptr<answers_so>& how) {
  return {[self, how](const query_status&) -> caf::result<gateway_status> {
    if (how->mute) return self->make_response_promise<gateway_status>();
    return how->status;
  }};
}

struct counted_watchdog final : ports::watchdog {
  expected<std::chrono::milliseconds> arm() override {
    ++armed;
    if (granted == 0ms) return fail(errc::unavailable, "nobody watches");
    return granted;
  }
  void feed() override { ++fed; }
  void disarm() override { ++disarmed; }
  std::chrono::milliseconds granted{30s};
  int armed = 0, fed = 0, disarmed = 0;
};

struct remembered_display final : ports::display {
  expected<void> show(const ports::lamps& now) override {
    if (broken) return fail(errc::unavailable, "the cable is off");
    shown.push_back(now);
    return {};
  }
  std::vector<ports::lamps> shown;
  bool broken = false;
};

struct platform_world : test::virtual_time {
  std::shared_ptr<answers_so> how = std::make_shared<answers_so>(
      answers_so{{{{"link lmn0", {{"state", "open"}}},
                   {"link radio", {{"state", "closed: no such device"}}},
                   {"market stadtwerk", {{"state", "connected: TLS 1.3"}, {"last error", ""}}},
                   {"outbox", {{"waiting", std::int64_t{0}}}}}}});
  status_actor status = system.spawn(board_of, how);
  std::vector<std::string> said;
  announce_function announce = [this](std::string_view who, std::string_view what) {
    said.push_back(std::string(who) + ": " + std::string(what));
  };
  std::shared_ptr<counted_watchdog> dog = std::make_shared<counted_watchdog>();
  std::shared_ptr<remembered_display> display = std::make_shared<remembered_display>();
};

}  // namespace

TEST_CASE_METHOD(platform_world, "the watchdog is fed three times in its time while everyone answers") {
  const auto feeder = system.spawn(watchdog_feeder, feeder_parts{dog, status, announce});
  run();
  CHECK(dog->armed == 1);
  for (int i = 0; i < 30; ++i) advance(10s);
  CHECK(dog->fed >= 30);
  CHECK(dog->fed <= 32);
  stop(feeder);
}

TEST_CASE_METHOD(platform_world,
                 "the watchdog is not fed while an actor does not answer, nor when STATUS itself hangs") {
  const auto feeder = system.spawn(watchdog_feeder, feeder_parts{dog, status, announce});
  run();
  const auto before = dog->fed;
  how->status.reports.push_back({std::string(silent_report), {{"actors without an answer", std::int64_t{1}}}});
  for (int i = 0; i < 6; ++i) advance(10s);
  CHECK(dog->fed == before);
  how->status.reports.pop_back();
  how->mute = true;
  for (int i = 0; i < 6; ++i) advance(10s);
  CHECK(dog->fed == before);
  how->mute = false;
  advance(10s);
  CHECK(dog->fed > before);
  stop(feeder);
}

TEST_CASE_METHOD(platform_world, "without a watchdog the gateway runs on and says so") {
  dog->granted = 0ms;
  const auto feeder = system.spawn(watchdog_feeder, feeder_parts{dog, status, announce});
  for (int i = 0; i < 3; ++i) advance(30s);
  CHECK(dog->fed == 0);
  REQUIRE(said.size() == 1);
  CHECK(said[0] == "watchdog: not armed: nobody watches");
  stop(feeder);
}

TEST_CASE("lamps say what the reports mean") {
  using enum ports::lamp;
  const auto of = [](std::vector<status_report> reports) { return lamps_of({std::move(reports)}, {"radio"}); };
  CHECK(of({{"link lmn0", {{"state", "open"}}}}) == ports::lamps{on, off, on, off});
  CHECK(of({{"link lmn0", {{"state", "open"}}}, {"link lmn1", {{"state", "closed: x"}}}}).wired == blinking);
  CHECK(of({{"link radio", {{"state", "open"}}}}) == ports::lamps{on, off, off, on});
  CHECK(of({{"market a", {{"state", "idle"}, {"last error", ""}}}}).wan == off);
  const status_report waits{"outbox", {{"waiting", std::int64_t{3}}}};
  const status_report fails{"market a", {{"state", "connecting"}, {"last error", "refused"}}};
  CHECK(of({fails, waits}).wan == blinking);
  CHECK(of({fails}).wan == off);
  CHECK(of({fails, {"market b", {{"state", "connected: TLS 1.2"}}}, waits}).wan == on);
  CHECK(of({waits, {std::string(silent_report), {{"actors without an answer", std::int64_t{1}}}}}).power == blinking);
  CHECK(of({}).power == blinking);
}

TEST_CASE_METHOD(platform_world, "the panel shows changes only, and again what a display did not take") {
  const auto shown = system.spawn(panel, panel_parts{display, {"radio"}, status, announce});
  for (int i = 0; i < 10; ++i) advance(2s);
  using enum ports::lamp;
  REQUIRE(display->shown.size() == 1);
  CHECK(display->shown[0] == ports::lamps{on, on, on, blinking});
  display->broken = true;
  how->mute = true;
  for (int i = 0; i < 10; ++i) advance(2s);
  CHECK(said.size() == 1);
  display->broken = false;
  for (int i = 0; i < 4; ++i) advance(2s);
  REQUIRE(display->shown.size() == 2);
  CHECK(display->shown[1].power == blinking);
  stop(shown);
}
