// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#include "store/fixture.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace smgw;
using namespace smgw::store;
using namespace smgw::store::testing;

TEST_CASE("an entry comes back as it was, also after the database is opened again") {
  const folder where;
  auto full = entry(3, -9'876'543'210'123, 1);
  full.value.status = {0x2005, 0xffffffff};
  full.signature = bytes(64, 0x5a);
  {
    auto db = open(where);
    CHECK(db.opening().created);
    CHECK(db.append(quarter, full));
    CHECK(*db.entry({list_of(), slot_time(3)}) == full);
  }
  auto db = open(where);
  CHECK_FALSE(db.opening().created);
  CHECK(*db.entry({list_of(), slot_time(3)}) == full);
  CHECK(*db.last_entry(list_of()) == full);
  CHECK_FALSE(*db.entry({list_of(), slot_time(4)}));
  CHECK(db.lists() == std::vector{list_of()});
}

TEST_CASE("a slot is filled once") {
  const folder where;
  auto db = open(where);
  REQUIRE(db.append(quarter, entry(1, 10)));
  CHECK(db.append(quarter, entry(1, 10)));  // the same again
  CHECK(db.append(quarter, entry(1, 11)).error().code == errc::conflict);
  CHECK((*db.entry({list_of(), slot_time(1)}))->value.value.value == 10);

  batch b;
  b.append(quarter, entry(1, 12)).append(quarter, entry(2, 20)).append(quarter, entry(2, 21));
  const auto r = db.commit(b);
  REQUIRE(r);
  CHECK(r->conflicts == std::vector{slot{list_of(), slot_time(1)}, slot{list_of(), slot_time(2)}});
  CHECK((*db.entry({list_of(), slot_time(1)}))->value.value.value == 10);
  CHECK((*db.entry({list_of(), slot_time(2)}))->value.value.value == 20);
}

TEST_CASE("ranges are half open, ascending and bounded") {
  const folder where;
  auto db = open(where);
  batch b;
  for (int n = 499; n >= 0; --n) b.append(quarter, entry(n, n));
  auto before_epoch = entry(0, -1);
  before_epoch.target = timestamp{std::chrono::milliseconds{-1}};
  b.append(quarter, before_epoch);
  b.append(quarter, entry(7, 7, 2));                // another meter
  b.append(std::chrono::seconds{60}, entry(7, 7));  // another period
  REQUIRE(db.commit(b));

  const auto some = *db.entries(list_of(), slot_time(10), slot_time(400));
  REQUIRE(some.size() == 390);
  for (std::size_t i = 0; i < some.size(); ++i)
    CHECK(some[i] == entry(static_cast<int>(i) + 10, static_cast<int>(i) + 10));
  CHECK(db.entries(list_of(), slot_time(10), slot_time(400), 5)->size() == 5);
  CHECK(db.entries(list_of(), slot_time(0), timestamp::max(), 300)->size() == 300);
  CHECK(db.entries(list_of(), timestamp::min(), timestamp::max())->size() == 501);
  CHECK(db.entries(list_of(), timestamp::min(), timestamp::max())->front() == before_epoch);
  CHECK(db.entries(list_of(), slot_time(10), slot_time(10))->empty());
  CHECK(db.entries(list_of(), slot_time(20), slot_time(10))->empty());
  CHECK(db.entries(list_of(3), timestamp::min(), timestamp::max())->empty());
  CHECK(db.entries(list_of(2), timestamp::min(), timestamp::max())->size() == 1);
  CHECK((*db.last_entry(list_of()))->target == slot_time(499));
  CHECK_FALSE(*db.last_entry(list_of(3)));
  CHECK(db.lists().size() == 3);

  SECTION("the visitor stops, and may use the database") {
    std::size_t seen = 0;
    const auto told = db.scan(list_of(), slot_time(0), slot_time(500), 1000, [&](const list_entry& e) {
      CHECK(db.entry({list_of(), e.target})->has_value());
      return ++seen < 200;
    });
    CHECK(*told == 200);
  }
  SECTION("retention removes a range of one list") {
    REQUIRE(db.erase_entries(list_of(), slot_time(0), slot_time(100)));
    CHECK(db.entries(list_of(), slot_time(0), slot_time(500))->size() == 400);
    CHECK(db.entries(list_of(), slot_time(0), slot_time(500))->front().target == slot_time(100));
    CHECK(db.entries(list_of(2), timestamp::min(), timestamp::max())->size() == 1);
    CHECK(db.append(quarter, entry(5, 55)));  // the slot is free again
  }
  SECTION("erasing and filling in one batch happen in their order") {
    batch both;
    both.erase_entries(list_of(), slot_time(0), slot_time(100)).append(quarter, entry(5, 55));
    REQUIRE(db.commit(both)->conflicts.empty());
    CHECK((*db.entry({list_of(), slot_time(5)}))->value.value.value == 55);
    batch other;
    other.append(quarter, entry(6, 66)).erase_entries(list_of(), slot_time(0), slot_time(100));
    REQUIRE(db.commit(other));
    CHECK_FALSE(*db.entry({list_of(), slot_time(6)}));
  }
}

TEST_CASE("entries that cannot be named or are too large are refused") {
  const folder where;
  auto db = open(where);
  CHECK(db.append(std::chrono::seconds{0}, entry(1)).error().code == errc::malformed);
  auto nameless = entry(1);
  nameless.value.meter = {};
  CHECK(db.append(quarter, nameless).error().code == errc::malformed);
  auto heavy = entry(1);
  heavy.signature.resize(max_signature + 1);
  CHECK(db.append(quarter, heavy).error().code == errc::exhausted);
  batch large;
  for (std::size_t i = 0; i <= max_batch_changes; ++i) large.done(i);
  CHECK(db.commit(large).error().code == errc::exhausted);
  CHECK(db.lists().empty());
}
