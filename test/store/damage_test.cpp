// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#include "store/fixture.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>
#include <catch2/generators/catch_generators_range.hpp>

#include <random>

using namespace smgw;
using namespace smgw::store;
using namespace smgw::store::testing;

namespace {

constexpr int entries_made = 2500;
constexpr int in_table_files = 1800;
constexpr int per_commit = 10;

/// A list of entries, in table files and in the log, one ledger record per commit.
void make(const folder& where) {
  std::optional<database> db = open(where);
  for (int n = 0; n < entries_made; n += per_commit) {
    if (n == in_table_files) {  // what is in the log goes into table files when it is opened
      db.reset();
      db = open(where);
    }
    batch b;
    for (int i = 0; i < per_commit; ++i) b.append(quarter, entry(n + i, n + i));
    b.append_record("system", static_cast<std::uint64_t>(n / per_commit) + 1, text("record"));
    REQUIRE(db->commit(b, durability::buffered));
  }
}

void copy(const folder& from, const folder& to) {
  std::filesystem::remove_all(to.path());
  std::filesystem::copy(from.path(), to.path());
}

/// Entries that can be read: all right ones, without a hole, and as many as the ledger says; or the refusal.
expected<int> readable(const folder& where, bool accept_damaged_log = false) {
  auto how = options_for(where);
  how.create = false;
  how.accept_damaged_log = accept_damaged_log;
  auto db = database::open(how);
  if (!db) return std::unexpected(db.error());
  CHECK(db->opening().log_was_damaged == accept_damaged_log);
  auto all = db->entries(list_of(), timestamp::min(), timestamp::max());
  if (!all) return std::unexpected(all.error());
  int n = 0;
  for (const auto& e : *all) {
    if (e != entry(n, n)) {
      FAIL_CHECK("wrong data in slot " << n);
      break;
    }
    ++n;
  }
  CHECK(n % per_commit == 0);  // commits are whole
  CHECK(db->range("system").last == static_cast<std::uint64_t>(n / per_commit));
  return n;
}

}  // namespace

TEST_CASE("a log torn at its end, as after a power loss, gives back what precedes") {
  const folder where, torn;
  make(where);
  const auto log = files(where, ".log").front();
  const auto whole = read_file(log);
  REQUIRE(whole.size() > 4000);
  int last = 0;
  for (const std::size_t keep :
       {whole.size() / 4, whole.size() / 2, whole.size() - 1000, whole.size() - 1, whole.size()}) {
    copy(where, torn);
    write_file(torn.path() / log.filename(), bytes_view{whole}.first(keep));
    const auto n = readable(torn);
    INFO(keep << " of " << whole.size() << (n ? "" : n.error().what));
    REQUIRE(n);
    CHECK(*n >= in_table_files);
    CHECK(*n >= last);
    last = *n;
  }
  CHECK(last == entries_made);

  SECTION("and a tail of zeros, as a file system leaves it, is no damage") {
    copy(where, torn);
    auto longer = whole;
    longer.insert(longer.end(), 5000, 0);
    write_file(torn.path() / log.filename(), longer);
    CHECK(readable(torn).value_or(0) == entries_made);
  }
}

TEST_CASE("a log damaged before its end is refused, unless the caller accepts the loss") {
  const folder where, hurt;
  make(where);
  const auto log = files(where, ".log").front();
  auto data = read_file(log);
  data[data.size() / 2] ^= 1;
  copy(where, hurt);
  write_file(hurt.path() / log.filename(), data);
  CHECK(readable(hurt).error().code == errc::malformed);
  CHECK(readable(hurt).error().code == errc::malformed);  // looking does not change it
  const auto n = readable(hurt, true);
  INFO((n ? "" : n.error().what));
  REQUIRE(n);
  CHECK(*n >= in_table_files);
  CHECK(*n < entries_made);
  CHECK(readable(hurt).value_or(-1) == *n);  // from now on it is whole again
}

TEST_CASE("files that are gone or emptied are refused as damaged") {
  const folder where, hurt;
  make(where);
  REQUIRE_FALSE(files(where, ".sst").empty());
  std::vector<std::filesystem::path> victims{where.path() / "CURRENT", files(where, ".sst").front()};
  for (const auto& f : std::filesystem::directory_iterator(where.path()))
    if (f.path().filename().string().starts_with("MANIFEST")) victims.push_back(f.path());
  REQUIRE(victims.size() == 3);
  for (const auto& victim : victims) {
    for (const bool emptied : {false, true}) {
      copy(where, hurt);
      const auto path = hurt.path() / victim.filename();
      if (emptied)
        write_file(path, {});
      else
        std::filesystem::remove(path);
      auto how = options_for(hurt);  // may create: and must not
      const auto db = database::open(how);
      INFO(victim << (emptied ? " emptied" : " removed"));
      REQUIRE_FALSE(db);
      INFO(db.error().what);
      CHECK(db.error().code == errc::malformed);
      CHECK(db.error().what.contains("damaged or missing file"));
    }
  }
}

TEST_CASE("a record type of reused logs is refused: RocksDB would read it for ever") {
  const folder where, hurt;
  make(where);
  for (const auto& f : std::filesystem::directory_iterator(where.path())) {
    const auto name = f.path().filename().string();
    if (!name.starts_with("MANIFEST") && !name.ends_with(".log")) continue;
    auto data = read_file(f.path());
    // The type is octet 6 of a record; the second one begins where the first ends.
    const std::size_t second = 7U + data[4] + 256U * data[5];
    REQUIRE(second + 6 < data.size());
    for (const auto at : {std::size_t{6}, second + 6}) {
      auto changed = data;
      changed[at] |= 4;
      copy(where, hurt);
      write_file(hurt.path() / name, changed);
      INFO(name << " octet " << at);
      CHECK(readable(hurt).error().code == errc::malformed);
      CHECK(readable(hurt, true).error().code == errc::malformed);
    }
  }
}

namespace {

void flip_bits(std::uint32_t seed) {
  const folder where, hurt;
  make(where);
  std::mt19937 random(seed);
  std::vector<std::filesystem::path> all;
  for (const auto& f : std::filesystem::directory_iterator(where.path()))
    if (f.file_size() > 0 && !f.path().filename().string().starts_with("OPTIONS")) all.push_back(f.path());
  int refused = 0, whole = 0, shortened = 0;
  for (int round = 0; round < 150; ++round) {
    const auto& victim = all[static_cast<std::size_t>(round) % all.size()];
    auto data = read_file(victim);
    const auto at = random() % data.size();
    data[at] ^= static_cast<std::uint8_t>(1U << (random() % 8));
    copy(where, hurt);
    write_file(hurt.path() / victim.filename(), data);
    INFO(victim.filename() << " octet " << at << " of " << data.size());
    const auto n = readable(hurt);
    if (!n) {
      CHECK((n.error().code == errc::malformed || n.error().code == errc::untrusted));
      ++refused;
    } else if (*n == entries_made) {
      ++whole;
    } else {
      // A length in the log that points behind its end looks like a torn log: commits are missing, none is wrong.
      CHECK(victim.extension() == ".log");
      ++shortened;
    }
  }
  CHECK(refused > 75);
  CHECK(shortened < 10);
  WARN("refused " << refused << ", without effect " << whole << ", shortened " << shortened);
}

}  // namespace

TEST_CASE("a flipped bit anywhere is refused or without effect, never wrong data") { flip_bits(20260501); }

TEST_CASE("the same with other bits: takes minutes", "[.][long]") {
  const auto seed = GENERATE(range(1U, 21U));
  INFO("seed " << seed);
  flip_bits(seed);
}
