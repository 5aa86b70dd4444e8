// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#include "store/codec.hpp"
#include "store/fixture.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace smgw;
using namespace smgw::store;
using namespace smgw::store::testing;

namespace {

constexpr int states = 700;  // more than two writes of a migration

/// A directory as version 0 left it: its states are plain numbers.
void make_version_0(const folder& where) {
  auto how = options_for(where);
  how.schema = 0;
  auto db = open(how);
  batch b;
  for (int n = 0; n < states; ++n) b.put_state("s" + std::to_string(n), text(std::to_string(n)));
  b.append(quarter, entry(1, 1)).enqueue(item("emt", "content")).append_record("system", 1, text("r"));
  b.put_profile("p", 1, text("{}"));
  REQUIRE(db.commit(b));
}

/// 0 to 1: each state gets `v1:` in front of it. Fails after `good` of them.
migration_step to_1(int* seen, int good) {
  return {0, 1, [seen, good](migration& m) {
            return m.rewrite_table("state", [=](bytes_view, bytes_view plain) -> expected<std::optional<bytes>> {
              if (++*seen > good) return fail(errc::unavailable, "the power went");
              const auto s = *decode_state(plain);
              auto now = text("v1:");
              now.insert(now.end(), s.value.begin(), s.value.end());
              return encode_state(s.name, now);
            });
          }};
}
/// 1 to 2: states with odd numbers go.
migration_step to_2() {
  return {1, 2, [](migration& m) {
            return m.rewrite_table("state", [](bytes_view, bytes_view plain) -> expected<std::optional<bytes>> {
              const auto s = *decode_state(plain);
              if ((s.value.back() - '0') % 2 != 0) return std::nullopt;
              return encode_state(s.name, s.value);
            });
          }};
}

void check_rest(const database& db) {
  CHECK(**db.entry({list_of(), slot_time(1)}) == entry(1, 1));
  CHECK(db.due("emt", slot_time(0))->front().item == item("emt", "content"));
  CHECK(**db.last_record("system") == log_record{1, text("r")});
  CHECK((*db.profile("p"))->json == text("{}"));
  CHECK(db.verify()->faults.empty());
}

}  // namespace

TEST_CASE("a directory of version 0 is migrated step by step") {
  const folder where;
  make_version_0(where);
  int seen = 0;
  auto how = options_for(where);
  how.schema = 2;
  how.migrations = {to_2(), to_1(&seen, states)};
  {
    auto db = open(how);
    CHECK(db.opening().migrated_from == 0);
    CHECK_FALSE(db.opening().created);
    CHECK(seen == states);
    CHECK(**db.state("s4") == text("v1:4"));
    CHECK(**db.state("s690") == text("v1:690"));
    CHECK_FALSE(*db.state("s5"));
    check_rest(db);
    REQUIRE(db.enqueue(item("emt", "next")));
  }
  auto db = open(how);
  CHECK(db.opening().migrated_from == 2);
  CHECK(seen == states);  // not again
  CHECK(db.count("emt").waiting == 2);
}

TEST_CASE("a migration that was interrupted goes on where it was") {
  const folder where;
  make_version_0(where);
  int seen = 0;
  auto how = options_for(where);
  how.migrations = {to_1(&seen, 600)};
  CHECK(database::open(how).error().code == errc::unavailable);
  CHECK(seen == 601);
  seen = 0;
  how.migrations = {to_1(&seen, states)};
  const auto db = open(how);
  CHECK(seen == states - 511);  // two writes of 256 cells were done, the mark of the table among them
  for (int n = 0; n < states; ++n) CHECK(**db.state("s" + std::to_string(n)) == text("v1:" + std::to_string(n)));
  check_rest(db);
}

TEST_CASE("a version without a way here is refused") {
  const folder where;
  make_version_0(where);
  auto how = options_for(where);
  const auto old = database::open(how);
  REQUIRE_FALSE(old);
  CHECK(old.error().code == errc::unsupported);
  CHECK(old.error().what.contains("no migration"));
  how.migrations = {{0, 2, [](migration&) -> expected<void> { return {}; }}};  // leads too far
  CHECK(database::open(how).error().code == errc::unsupported);
  how.migrations = {{0, 1, [](migration& m) { return m.rewrite_table("none", {}); }}};
  CHECK(database::open(how).error().code == errc::unsupported);

  const folder newer;
  how = options_for(newer);
  how.schema = 5;
  CHECK(open(how).opening().created);
  how.schema = 1;
  const auto refused = database::open(how);
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == errc::unsupported);
  CHECK(refused.error().what.contains("newer version"));
}
