// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#include "store/fixture.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace smgw;
using namespace smgw::store;
using namespace smgw::store::testing;

TEST_CASE("small values are kept by name") {
  const folder where;
  {
    auto db = open(where);
    CHECK_FALSE(*db.state("cursor/taf7"));
    REQUIRE(db.put_state("cursor/taf7", text("one")));
    REQUIRE(db.put_state("cursor/taf7", text("two")));
    REQUIRE(db.put_state("empty", {}));
    CHECK(db.put_state("", {}).error().code == errc::malformed);
    CHECK(db.put_state("x", bytes(max_state + 1)).error().code == errc::exhausted);
  }
  auto db = open(where);
  CHECK(**db.state("cursor/taf7") == text("two"));
  CHECK((*db.state("empty"))->empty());
  REQUIRE(db.commit(batch{}.erase_state("empty")));
  CHECK_FALSE(*db.state("empty"));
}

TEST_CASE("profiles keep their versions, and only newer ones come") {
  const folder where;
  {
    auto db = open(where);
    REQUIRE(db.put_profile("meter/1", 1, text("{\"a\":1}")));
    REQUIRE(db.put_profile("meter/1", 1, text("{\"a\":1}")));  // again
    CHECK(db.put_profile("meter/1", 1, text("{\"a\":2}")).error().code == errc::conflict);
    REQUIRE(db.put_profile("meter/1", 7, text("{\"a\":7}")));
    CHECK(db.put_profile("meter/1", 6, text("{}")).error().code == errc::conflict);
    REQUIRE(db.put_profile("evaluation/2", 1, text("{}")));
  }
  auto db = open(where);
  CHECK((*db.profile("meter/1"))->version == 7);
  CHECK(**db.profile("meter/1", 1) == profile_blob{"meter/1", 1, text("{\"a\":1}")});
  CHECK_FALSE(*db.profile("meter/1", 2));
  CHECK_FALSE(*db.profile("meter/2"));
  const auto all = *db.profiles();
  REQUIRE(all.size() == 2);
  CHECK(all[0].name == "evaluation/2");
  CHECK(all[1] == profile_blob{"meter/1", 7, text("{\"a\":7}")});

  REQUIRE(db.erase_profile("meter/1"));
  CHECK_FALSE(*db.profile("meter/1"));
  CHECK(db.profiles()->size() == 1);
  SECTION("within one batch, later changes see the earlier ones") {
    batch b;
    b.put_profile("p", 3, text("3")).put_profile("p", 4, text("4")).erase_profile("p").put_profile("p", 1, text("1"));
    REQUIRE(db.commit(b));
    CHECK((*db.profile("p"))->version == 1);
    CHECK_FALSE(*db.profile("p", 4));
    CHECK(db.commit(batch{}.put_profile("p", 5, text("5")).put_profile("p", 2, text("2"))).error().code ==
          errc::conflict);
    CHECK((*db.profile("p"))->version == 1);
  }
}

TEST_CASE("a batch is one step: all of it or nothing") {
  const folder where;
  auto db = open(where);
  batch good;
  good.append(quarter, entry(1, 1))
      .put_state("cursor", text("1"))
      .enqueue(item("emt", "content"))
      .append_record("system", 1, text("r1"))
      .put_profile("p", 1, text("{}"));
  const auto r = db.commit(good);
  REQUIRE(r);
  CHECK(r->sequences.size() == 1);

  batch bad;
  bad.append(quarter, entry(2, 2))
      .put_state("cursor", text("2"))
      .enqueue(item("emt", "more"))
      .put_profile("p", 2, text("{}"))
      .append_record("system", 3, text("gap"));
  CHECK(db.commit(bad).error().code == errc::conflict);
  CHECK_FALSE(*db.entry({list_of(), slot_time(2)}));
  CHECK(**db.state("cursor") == text("1"));
  CHECK(db.count_all().waiting == 1);
  CHECK((*db.profile("p"))->version == 1);
  CHECK(db.range("system").last == 1);

  SECTION("joined batches need one sync and share their fate") {
    batch joined;
    joined.add(batch{}.put_state("a", text("a"))).add(batch{}.append_record("system", 2, text("r2")));
    CHECK(joined.size() == 2);
    REQUIRE(db.commit(joined, durability::buffered));
    CHECK(**db.state("a") == text("a"));
    CHECK(db.range("system").last == 2);
    CHECK_FALSE(batch{}.use_reserve().add(batch{}.done(1)).may_use_reserve());
    CHECK(batch{}.add(batch{}.done(1).use_reserve()).may_use_reserve());
    CHECK_FALSE(batch{}.add(batch{}.done(1).use_reserve()).add(batch{}.done(2)).may_use_reserve());
  }
  CHECK(db.commit(batch{})->sequences.empty());
}
