// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#include "store/fixture.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace smgw;
using namespace smgw::store;
using namespace smgw::store::testing;

TEST_CASE("a ledger grows without a gap and is read in pages") {
  const folder where;
  {
    auto db = open(where);
    CHECK(db.range("system") == log_range{});
    CHECK_FALSE(*db.last_record("system"));
    CHECK(db.append_record("system", 2, text("x")).error().code == errc::conflict);
    CHECK(db.append_record("system", 0, text("x")).error().code == errc::conflict);
    batch b;
    for (std::uint64_t n = 1; n <= 300; ++n) b.append_record("system", n, text("record " + std::to_string(n)));
    b.append_record("consumer/42", 1, text("other"));
    REQUIRE(db.commit(b));
    CHECK(db.append_record("system", 300, text("record 300")));  // again
    CHECK(db.append_record("system", 300, text("forged")).error().code == errc::conflict);
    CHECK(db.append_record("system", 299, text("record 299")).error().code == errc::conflict);
    CHECK(db.append_record("system", 302, text("x")).error().code == errc::conflict);
  }
  auto db = open(where);
  CHECK(db.logs() == std::vector<std::string>{"consumer/42", "system"});
  CHECK(db.range("system") == log_range{1, 300});
  CHECK(**db.last_record("system") == log_record{300, text("record 300")});
  const auto page = *db.records("system", 100, 50);
  REQUIRE(page.size() == 50);
  CHECK(page.front() == log_record{100, text("record 100")});
  CHECK(page.back().number == 149);
  CHECK(db.records("system", 0, 1000)->size() == 300);
  CHECK(db.records("system", 301, 10)->empty());
  CHECK(db.records("nobody", 1, 10)->empty());
}

TEST_CASE("the oldest records go, the numbers go on") {
  const folder where;
  {
    auto db = open(where);
    batch b;
    for (std::uint64_t n = 1; n <= 10; ++n) b.append_record("consumer", n, text(std::to_string(n)));
    REQUIRE(db.commit(b));
    REQUIRE(db.truncate_log("consumer", 4));
    REQUIRE(db.truncate_log("consumer", 2));  // already gone
    REQUIRE(db.truncate_log("none", 2));
    CHECK(db.range("consumer") == log_range{5, 10});
    CHECK(db.records("consumer", 1, 100)->front().number == 5);
    REQUIRE(db.truncate_log("consumer", 1000));
    CHECK(db.range("consumer") == log_range{11, 10});
    CHECK_FALSE(*db.last_record("consumer"));
    CHECK(db.verify()->faults.empty());
  }
  auto db = open(where);
  CHECK(db.append_record("consumer", 1, text("1")).error().code == errc::conflict);
  CHECK(db.append_record("consumer", 10, text("10")).error().code == errc::conflict);
  CHECK(db.append_record("consumer", 11, text("11")));
  CHECK(db.records("consumer", 1, 100)->size() == 1);
}

TEST_CASE("names and records of a ledger are bounded") {
  const folder where;
  auto db = open(where);
  CHECK(db.append_record("", 1, {}).error().code == errc::malformed);
  CHECK(db.append_record(std::string(max_name + 1, 'n'), 1, {}).error().code == errc::exhausted);
  CHECK(db.append_record("system", 1, bytes(max_record + 1)).error().code == errc::exhausted);
  batch b;
  for (std::size_t n = 0; n <= max_logs; ++n) b.append_record(std::to_string(n), 1, {});
  CHECK(db.commit(b).error().code == errc::exhausted);
  CHECK(db.logs().empty());
}
