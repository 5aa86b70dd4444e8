// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#include "base/hex.hpp"
#include "base/octets.hpp"
#include "store/core.hpp"
#include "store/fixture.hpp"

#include <catch2/catch_test_macros.hpp>

#include <algorithm>

using namespace smgw;
using namespace smgw::store;
using namespace smgw::store::testing;

namespace {

/// Something in every table.
void make(const folder& where) {
  auto db = open(where);
  batch b;
  for (int n = 0; n < 20; ++n) b.append(quarter, entry(n, n));
  b.put_state("cursor/a", text("value a")).put_state("cursor/b", text("value b"));
  b.enqueue(item("emt", "content one")).enqueue(item("emt", "content two"));
  for (std::uint64_t n = 1; n <= 5; ++n) b.append_record("system", n, text("record " + std::to_string(n)));
  b.put_profile("p", 1, text("{\"v\":1}")).put_profile("p", 2, text("{\"v\":2}"));
  REQUIRE(db.commit(b));
}

struct row {
  bytes key, cell;
};

/// The rows of a table, past all seals: what somebody with the disk but without the key can see and change.
class burglar {
 public:
  explicit burglar(const folder& where) : files_(std::move(*engine::open({.path = where.path()}))) {}
  /// Without the mark of the table.
  std::vector<row> rows(table t) {
    std::vector<row> out;
    REQUIRE(files_->scan(t, {}, {}, direction::ascending, [&](bytes_view key, bytes_view cell) -> expected<bool> {
      if (!is_own_mark(key)) out.push_back({bytes(key.begin(), key.end()), bytes(cell.begin(), cell.end())});
      return true;
    }));
    return out;
  }
  bytes mark(table t) { return **files_->get(t, own_mark_key()); }
  void put(table t, bytes key, bytes cell) { change({t, std::move(key), std::move(cell), {}}); }
  void erase(table t, bytes key) { change({t, std::move(key), {}, {}}); }

 private:
  void change(const row_change& c) { REQUIRE(files_->write({&c, 1}, true)); }
  std::unique_ptr<engine> files_;
};

}  // namespace

TEST_CASE("an edited cell of any table is refused, and the refusal names table and row") {
  for (const auto t : all_tables) {
    const folder where;
    make(where);
    std::vector<row> victims;
    {
      burglar b(where);
      victims = b.rows(t);
      REQUIRE_FALSE(victims.empty());
      for (auto r : victims) {
        r.cell.back() ^= 1;
        b.put(t, r.key, r.cell);
      }
    }
    INFO(name_of(t));
    auto db = database::open(options_for(where));
    if (t == table::meta || t == table::lists || t == table::logs || t == table::outbox) {
      // Read at the start.
      REQUIRE_FALSE(db);
      CHECK(db.error().code == errc::untrusted);
      CHECK(db.error().what.contains(name_of(t)));
      CHECK(db.error().what.contains(to_hex(t == table::meta ? schema_key() : victims.front().key)));
      continue;
    }
    REQUIRE(db);
    CHECK(db->entry({list_of(), slot_time(1)}).has_value() == (t != table::readings));
    CHECK(db->entries(list_of(), slot_time(0), slot_time(20)).has_value() == (t != table::readings));
    CHECK(db->last_entry(list_of()).has_value() == (t != table::readings));
    CHECK(db->append(quarter, entry(1, 1)).has_value() == (t != table::readings));
    CHECK(db->state("cursor/a").has_value() == (t != table::state));
    CHECK(db->due("emt", slot_time(0)).has_value() == (t != table::content));
    CHECK(db->records("system", 1, 5).has_value() == (t != table::ledger));
    CHECK(db->profile("p").has_value() == (t != table::profiles));
    CHECK(db->profiles().has_value() == (t != table::profiles));
    const auto found = db->verify(100);
    REQUIRE(found);
    REQUIRE(found->faults.size() >= victims.size());
    CHECK(found->faults.front().table == name_of(t));
    CHECK(found->faults.front().key == to_hex(victims.front().key));
    CHECK(found->faults.front().why.code == errc::untrusted);
  }
}

TEST_CASE("cells that change their places are refused") {
  const folder where;
  make(where);
  SECTION("two values swapped") {
    {
      burglar b(where);
      const auto rows = b.rows(table::state);
      b.put(table::state, rows[0].key, rows[1].cell);
      b.put(table::state, rows[1].key, rows[0].cell);
    }
    const auto db = open(where);
    CHECK(db.state("cursor/a").error().code == errc::untrusted);
    CHECK(db.state("cursor/b").error().code == errc::untrusted);
  }
  SECTION("an old reading in a new slot") {
    {
      burglar b(where);
      const auto rows = b.rows(table::readings);
      auto key = rows[0].key;
      key.back() ^= 1;
      b.put(table::readings, key, rows[0].cell);
    }
    CHECK(open(where).entries(list_of(), slot_time(0), slot_time(20)).error().code == errc::untrusted);
  }
  SECTION("a value in another table, under the same key") {
    {
      burglar b(where);
      const auto r = b.rows(table::outbox);
      b.put(table::content, r[0].key, r[0].cell);
    }
    CHECK(open(where).due("emt", slot_time(0)).error().code == errc::untrusted);
  }
  SECTION("a cell that says it is of another schema, or is too short to be one") {
    {
      burglar b(where);
      auto rows = b.rows(table::state);
      rows[0].cell[1] ^= 3;
      b.put(table::state, rows[0].key, rows[0].cell);
      b.put(table::state, rows[1].key, {0});
    }
    const auto db = open(where);
    CHECK(db.state("cursor/a").error().code == errc::untrusted);
    CHECK(db.state("cursor/b").error().code == errc::untrusted);
    CHECK(db.verify()->faults.size() == 2);
    CHECK(db.verify(1)->faults.size() == 1);
  }
}

TEST_CASE("a missing row is noticed where something else counts it") {
  const folder where;
  make(where);
  SECTION("a ledger record") {
    {
      burglar b(where);
      b.erase(table::ledger, b.rows(table::ledger)[2].key);
    }
    const auto db = open(where);
    CHECK(db.records("system", 1, 5).error().code == errc::untrusted);
    CHECK(db.records("system", 4, 2)->size() == 2);
    CHECK(db.verify()->faults.size() == 1);
  }
  SECTION("the newest ledger record") {
    {
      burglar b(where);
      b.erase(table::ledger, b.rows(table::ledger)[4].key);
    }
    CHECK(open(where).last_record("system").error().code == errc::untrusted);
  }
  SECTION("the content of an item") {
    {
      burglar b(where);
      b.erase(table::content, b.rows(table::content)[0].key);
    }
    const auto db = open(where);
    CHECK(db.due("emt", slot_time(0)).error().code == errc::untrusted);
    CHECK(db.verify()->faults.front().table == "content");
  }
  SECTION("the row of the schema") {
    {
      burglar b(where);
      b.erase(table::meta, schema_key());
    }
    const auto db = database::open(options_for(where));
    REQUIRE_FALSE(db);
    CHECK(db.error().code == errc::untrusted);
  }
}

TEST_CASE("a table put back to an older state does not fit the others") {
  for (const auto t : {table::readings, table::logs, table::state, table::content}) {
    const folder where;
    make(where);
    std::vector<row> old;
    bytes mark;
    {
      burglar b(where);
      old = b.rows(t);
      mark = b.mark(t);
    }
    {
      auto db = open(where);
      CHECK(db.commits() == 1);
      REQUIRE(db.commit(batch{}.append(quarter, entry(20, 20)).put_state("cursor/a", text("new")).done(1)));
      REQUIRE(db.append_record("system", 6, text("record 6")));
      CHECK(db.commits() == 3);
    }
    {
      burglar b(where);
      for (const auto& r : b.rows(t)) b.erase(t, r.key);
      for (const auto& r : old) b.put(t, r.key, r.cell);
      b.put(t, own_mark_key(), mark);
    }
    INFO(name_of(t));
    const auto db = database::open(options_for(where));
    REQUIRE_FALSE(db);
    CHECK(db.error().code == errc::untrusted);
    CHECK(db.error().what.contains(name_of(t)));
  }
}

TEST_CASE("another key opens nothing") {
  const folder where;
  make(where);
  auto how = options_for(where);
  how.cipher = make_cipher(2);
  CHECK(database::open(how).error().code == errc::untrusted);
}

TEST_CASE("one process at a time, and no database where none was made") {
  const folder where;
  auto how = options_for(where);
  how.create = false;
  CHECK(database::open(how).error().code == errc::unavailable);
  const auto db = open(where);
  CHECK(database::open(options_for(where)).error().code == errc::conflict);
  how.path = "/proc/nothing/here";
  how.create = true;
  CHECK(database::open(how).error().code == errc::unavailable);
}

TEST_CASE("nothing readable lies on the disk, and only the owner may look") {
  const folder where;
  make(where);
  {
    const auto db = open(where);  // the log becomes a table file
  }
  CHECK((std::filesystem::status(where.path()).permissions() & std::filesystem::perms::all) ==
        std::filesystem::perms::owner_all);
  for (const auto& f : std::filesystem::directory_iterator(where.path())) {
    const auto data = read_file(f.path());
    for (const std::string_view word :
         {"1EMH00", "1emh00", "value a", "content one", "record 1", "cursor/a", "values of a day"}) {
      INFO(f.path() << " " << word);
      CHECK_FALSE(as_text(data).contains(word));
    }
  }
}
