// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "domain/status/status.hpp"
#include "story.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace smgw;
using namespace std::chrono_literals;

namespace {

constexpr auto meter = "1SMG0000000001";

struct household_story : test::story {
  household_story() {
    add_meter(meter);
    add_evaluation(7, meter);
  }
  /// Each stored value was delivered once, and with that value.
  void check_delivered(std::size_t at_least) {
    const auto delivered = emt.values("1smg0000000001", 7);
    std::size_t values = 0;
    for (const auto& e : stored(meter)) {
      if (!status::has_value(e.value.status)) continue;
      const auto seconds = timestamp{std::chrono::floor<std::chrono::seconds>(e.value.captured)};
      const auto [first, last] = delivered.equal_range(seconds);
      const auto times = std::distance(first, last);
      CHECK(times <= 1);
      if (times == 1) {
        CHECK(first->second == e.value.value.value);
        ++values;
      }
    }
    CHECK(values >= at_least);
  }
};

}  // namespace

TEST_CASE_METHOD(household_story, "a day of quarter hours arrives at the market participant, each value once",
                 "[REQ.CMS.ContentInfo.10]") {
  start();
  live(24h);
  CHECK(stored(meter).size() >= 95);
  check_delivered(92);
  CHECK(emt.complaints.empty());
  CHECK(counter("outbox", "waiting") == 0);
  const auto verdict = verify();
  INFO((verdict.lines.empty() ? std::string() : verdict.lines.front()));
  CHECK(verdict.whole);
}

TEST_CASE_METHOD(household_story,
                 "an outage of six hours: deliveries wait, and all arrive once when the participant is back") {
  start();
  live(4h);
  emt.down = true;
  live(6h);
  CHECK(counter("outbox", "waiting") >= 5);
  emt.down = false;
  live(4h);
  CHECK(counter("outbox", "waiting") == 0);
  check_delivered(52);
  CHECK(verify().whole);
}

TEST_CASE_METHOD(household_story, "answers of 500 are tried again; what was acknowledged is not") {
  start();
  emt.status = 500;
  live(2h);
  CHECK(emt.got.empty());
  const auto refused = emt.requests;
  CHECK(refused >= 2);
  emt.status = 200;
  live(3h);
  check_delivered(16);
  CHECK(counter("outbox", "waiting") == 0);
}

TEST_CASE_METHOD(household_story, "content that is refused for good is set aside, and the rest goes on") {
  start();
  emt.status = 422;
  live(8h);
  CHECK(counter("outbox", "set aside") >= 1);
  emt.status = 200;
  live(4h);
  CHECK(counter("outbox", "waiting") == 0);
  CHECK_FALSE(emt.got.empty());
}

TEST_CASE_METHOD(household_story, "a participant that falls silent holds up nothing but itself") {
  start();
  live(2h);
  emt.mute_after = emt.requests;
  live(3h);
  CHECK(counter("meter 1SMG0000000001", "gaps") == 0);
  CHECK(counter("outbox", "waiting") >= 2);
  emt.mute_after = SIZE_MAX;
  live(2h);
  check_delivered(24);
}

TEST_CASE_METHOD(household_story, "each actor that dies comes back, and no value is lost or doubled") {
  start();
  for (const auto* role : {"meter 1SMG0000000001", "contract taf7-1smg0000000001", "outbox", "market stadtwerk",
                           "link port-1SMG0000000001"}) {
    live(2h);
    kill(role);
    live(15min);
  }
  live(2h);
  CHECK(announced("died") >= 5);
  check_delivered(40);
  CHECK(verify().whole);
  const auto entries = stored(meter);
  for (std::size_t i = 1; i < entries.size(); ++i) CHECK(entries[i].target - entries[i - 1].target == 15min);
}

TEST_CASE_METHOD(household_story, "after a crash of everything the gateway goes on where the store is") {
  start();
  live(3h);
  crash();
  advance(30min);  // two quarter hours without a gateway
  start();
  live(3h);
  const auto entries = stored(meter);
  std::size_t gaps = 0;
  for (std::size_t i = 0; i < entries.size(); ++i) {
    if (i > 0) CHECK(entries[i].target - entries[i - 1].target == 15min);
    if (!status::has_value(entries[i].value.status)) ++gaps;
  }
  CHECK(gaps >= 1);
  CHECK(gaps <= 2);
  check_delivered(20);
  CHECK(verify().whole);
}

TEST_CASE_METHOD(household_story, "a meter that stops leaves gaps, a meter that babbles leaves nothing") {
  start();
  live(2h);
  for (int i = 0; i < 12; ++i) {
    push(meter, bytes(300, static_cast<std::uint8_t>(0x1B + i)));
    advance(5min);
  }
  live(2h);
  const auto entries = stored(meter);
  const auto gaps =
      std::ranges::count_if(entries, [](const list_entry& e) { return !status::has_value(e.value.status); });
  CHECK(gaps >= 3);
  CHECK(gaps <= 5);
  CHECK(counter("link port-1SMG0000000001", "noise octets") > 0);
  CHECK(announced("not recorded") == 0);
}
