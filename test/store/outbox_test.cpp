// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#include "store/fixture.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace smgw;
using namespace smgw::store;
using namespace smgw::store::testing;

namespace {
std::vector<std::uint64_t> due(const database& db, std::string_view who, timestamp now, std::size_t limit = 100) {
  std::vector<std::uint64_t> out;
  const auto found = *db.due(who, now, limit);
  for (const auto& e : found) out.push_back(e.sequence);
  return out;
}
}  // namespace

TEST_CASE("items wait per recipient, by priority and age") {
  const folder where;
  auto db = open(where);
  const auto a1 = *db.enqueue(item("emt-a", "1"));
  const auto a2 = *db.enqueue(item("emt-a", "2"));
  const auto b1 = *db.enqueue(item("emt-b", "3"));
  const auto a3 = *db.enqueue(item("emt-a", "4", 5));
  auto later = item("emt-a", "5");
  later.not_before = slot_time(10);
  const auto a4 = *db.enqueue(later);
  CHECK(a1 < a2);
  CHECK(due(db, "emt-a", slot_time(0)) == std::vector{a3, a1, a2});
  CHECK(due(db, "emt-a", slot_time(0), 1) == std::vector{a3});
  CHECK(due(db, "emt-a", slot_time(10)) == std::vector{a3, a1, a2, a4});
  CHECK(due(db, "emt-b", slot_time(0)) == std::vector{b1});
  CHECK(due(db, "emt-c", slot_time(0)).empty());
  CHECK((*db.item(a4))->item == later);
  CHECK(db.recipients() == std::vector<std::string>{"emt-a", "emt-b"});
  CHECK(db.count("emt-a").waiting == 4);
  CHECK(db.count("emt-a").next_try == slot_time(0));
  CHECK(db.count("emt-a").oldest == a1);
  CHECK(db.count_all().content_bytes == 5);
}

TEST_CASE("an attempt postpones an item, done removes it, aside keeps it; all of it survives a restart") {
  const folder where;
  std::uint64_t a = 0, b = 0, c = 0;
  {
    auto db = open(where);
    a = *db.enqueue(item("emt", "first"));
    b = *db.enqueue(item("emt", "second"));
    c = *db.enqueue(item("emt", "third"));
    REQUIRE(db.record_attempt(a, slot_time(2), "503 from the other side"));
    REQUIRE(db.record_attempt(a, slot_time(3), "still 503"));
    REQUIRE(db.done(b));
    CHECK(db.done(b));      // again
    CHECK(db.done(99999));  // never was
    REQUIRE(db.set_aside(c, "400: refused for good"));
    CHECK(db.record_attempt(b, slot_time(1), "").error().code == errc::conflict);
    CHECK(db.set_aside(b, "").error().code == errc::conflict);
  }
  auto db = open(where);
  CHECK(due(db, "emt", slot_time(2)).empty());
  CHECK(due(db, "emt", slot_time(3)) == std::vector{a});
  const auto e = **db.item(a);
  CHECK(e.attempts == 2);
  CHECK(e.next_try == slot_time(3));
  CHECK(e.last_error == "still 503");
  CHECK(e.item == item("emt", "first"));
  CHECK_FALSE(*db.item(b));
  CHECK(db.set_aside_items("emt") == std::vector{c});
  CHECK((*db.item(c))->last_error == "400: refused for good");
  CHECK(db.count("emt").waiting == 1);
  CHECK(db.count("emt").set_aside == 1);
  REQUIRE(db.commit(batch{}.put_back(c, slot_time(0))));
  CHECK(due(db, "emt", slot_time(0)) == std::vector{c});
  REQUIRE(db.commit(batch{}.done(a).done(c)));
  CHECK(db.recipients().empty());
  CHECK(*db.enqueue(item("emt", "fourth")) > c);  // sequences are never used twice
}

TEST_CASE("a sequence is not used again after the outbox ran empty and the gateway restarted") {
  const folder where;
  std::uint64_t last = 0;
  {
    auto db = open(where);
    last = *db.enqueue(item("emt", "x"));
    REQUIRE(db.done(last));
  }
  CHECK(*open(where).enqueue(item("emt", "y")) == last + 1);
}

TEST_CASE("the outbox is bounded, one recipient does not fill it for the others") {
  const folder where;
  auto how = options_for(where);
  how.outbox = {.items = 3, .content_bytes = 100, .total_items = 5, .total_content_bytes = 150};
  auto db = open(how);
  CHECK(db.enqueue(item("a", std::string(101, 'x'))).error().code == errc::exhausted);
  const auto first = *db.enqueue(item("a", std::string(90, 'x')));
  CHECK(db.enqueue(item("a", std::string(11, 'x'))).error().code == errc::exhausted);
  REQUIRE(db.enqueue(item("a", "")));
  REQUIRE(db.enqueue(item("a", "")));
  CHECK(db.enqueue(item("a", "")).error().code == errc::exhausted);
  CHECK(db.enqueue(item("b", std::string(61, 'x'))).error().code == errc::exhausted);
  REQUIRE(db.enqueue(item("b", std::string(60, 'x'))));
  REQUIRE(db.enqueue(item("c", "")));
  CHECK(db.enqueue(item("d", "")).error().code == errc::exhausted);
  SECTION("what is done gives its place back, also within a batch") {
    const auto r = db.commit(batch{}.done(first).enqueue(item("a", std::string(90, 'y'))));
    REQUIRE(r);
    CHECK(r->sequences.size() == 1);
  }
  SECTION("a batch that does not fit changes nothing") {
    batch b;
    b.put_state("s", text("1")).done(first).enqueue(item("e", "")).enqueue(item("e", ""));
    CHECK(db.commit(b).error().code == errc::exhausted);
    CHECK_FALSE(*db.state("s"));
    CHECK(db.item(first)->has_value());
    CHECK(db.count_all().waiting == 5);
  }
  CHECK(db.enqueue(item("", "x")).error().code == errc::malformed);
  CHECK(db.enqueue(item("e", std::string(max_content + 1, 'x'))).error().code == errc::exhausted);
}
