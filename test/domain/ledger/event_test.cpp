// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "domain/ledger/event.hpp"

#include <catch2/catch_test_macros.hpp>

#include <set>

using namespace smgw::ledger;

TEST_CASE("the catalogue knows each event once and where it is recorded") {
  std::set<event> seen;
  for (const auto& row : catalogue()) {
    CHECK(find(row.id) == &row);
    CHECK_FALSE(row.text.empty());
    CHECK(row.system);
    CHECK(row.on_failure >= row.usual);
    seen.insert(row.id);
  }
  CHECK(seen.size() == catalogue().size());
  CHECK(find(static_cast<event>(4711)) == nullptr);
  CHECK(find(event::self_test)->calibration);
  CHECK(find(event::self_test)->consumer);
  CHECK(find(event::clock_set)->calibration);
  CHECK_FALSE(find(event::values_sent)->calibration);
  CHECK(find(event::values_sent)->consumer);
  CHECK_FALSE(find(event::wake_up_accepted)->consumer);
}

TEST_CASE("words for levels, outcomes and logs") {
  CHECK(to_string(level::warning) == "WARNING");
  CHECK(to_string(outcome::failure) == "FAILURE");
  CHECK(to_string(log_kind::consumer) == "consumer");
  CHECK(to_string(static_cast<level>(9)) == "UNKNOWN");
}

TEST_CASE("alarms: what threatens keys, time, logs, meters or firmware, and nothing that a lost connection causes") {
  std::size_t always = 0, on_failure = 0;
  for (const auto& row : catalogue()) {
    const bool good = raises_alarm(row.id, outcome::success), bad = raises_alarm(row.id, outcome::failure);
    always += good ? 1 : 0;
    on_failure += bad && !good ? 1 : 0;
    CHECK((bad || !good));
  }
  CHECK(always == 5);
  CHECK(on_failure == 5);
  for (const auto id : {event::tls_failure, event::sending_failed, event::time_sync_failed, event::wake_up_rejected})
    CHECK_FALSE(raises_alarm(id, outcome::failure));
  CHECK(raises_alarm(event::tamper, outcome::success));
  CHECK(raises_alarm(event::self_test, outcome::failure));
}
