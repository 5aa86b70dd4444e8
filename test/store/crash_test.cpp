// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#include "base/octets.hpp"
#include "store/child.hpp"
#include "store/fixture.hpp"

#include <catch2/catch_test_macros.hpp>
#include <sys/wait.h>

#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <random>
#include <thread>

using namespace smgw;
using namespace smgw::store;
using namespace smgw::store::testing;

namespace {

constexpr int rounds = 60;
constexpr std::uint64_t keep_items = 20;  ///< items in the outbox; older ones are done

bytes number(std::uint64_t n) {
  bytes out;
  put_be(out, n);
  return out;
}

/// What commit `n` (1, 2, …) writes: an entry, its cursor, an item, a ledger record, and the end of an older item.
batch step(std::uint64_t n) {
  batch b;
  b.append(quarter, entry(static_cast<int>(n), static_cast<std::int64_t>(n)));
  b.put_state("cursor", number(n));
  b.enqueue(item("emt", std::string((n * 7919) % 20'000, 'c')));  // sequence n
  if (n > keep_items) b.done(n - keep_items);
  b.append_record("system", n, number(n));
  return b;
}

std::uint64_t cursor(const database& db) {
  const auto value = *db.state("cursor");
  return value ? load_be<std::uint64_t>(value->data()) : 0;
}

/// All tables say the same, and nothing is there twice.
void check_whole(const database& db, std::uint64_t n) {
  const auto entries = *db.entries(list_of(), timestamp::min(), timestamp::max());
  REQUIRE(entries.size() == n);
  for (std::uint64_t i = 1; i <= n; ++i)
    if (entries[i - 1] != entry(static_cast<int>(i), static_cast<std::int64_t>(i))) FAIL("entry " << i);
  REQUIRE(db.range("system") == log_range{1, n});
  const auto records = *db.records("system", 1, max_page);
  REQUIRE(records.size() == n);
  for (const auto& r : records)
    if (r.content != number(r.number)) FAIL("record " << r.number);
  const auto due = *db.due("emt", timestamp::max(), max_page);
  REQUIRE(due.size() == std::min(n, keep_items));
  for (std::size_t i = 0; i < due.size(); ++i) {
    if (due[i].sequence != n - due.size() + 1 + i) FAIL("item " << due[i].sequence);
    if (due[i].item.content.size() != (due[i].sequence * 7919) % 20'000) FAIL("content of item " << due[i].sequence);
  }
}

}  // namespace

TEST_CASE("the writer that is going to be killed", "[.]") {
  const char* path = std::getenv("SMGW_CRASH_FOLDER");  // NOLINT(concurrency-mt-unsafe)
  REQUIRE(path != nullptr);
  options how;
  how.path = path;
  how.cipher = make_cipher();
  auto db = open(how);
  for (auto n = cursor(db) + 1;; ++n) {
    if (!db.commit(step(n))) std::_Exit(1);
    child::tell(n);
  }
}

TEST_CASE("a writer killed at any moment loses nothing it acknowledged, and leaves no half step") {
  const folder where;
  CHECK(open(where).opening().created);
  std::mt19937 random(4711);
  std::uint64_t before = 0;
  for (int round = 0; round < rounds; ++round) {
    INFO("round " << round);
    std::uint64_t acknowledged = before;
    {
      child writer("the writer that is going to be killed", {"SMGW_CRASH_FOLDER=" + where.path().string()});
      // Every seventh round it is killed while it starts, else some time after some commits.
      for (auto wanted = round % 7 == 6 ? 0 : 1 + random() % 40; wanted > 0; --wanted)
        REQUIRE(writer.next(acknowledged));
      const auto until =
          std::chrono::steady_clock::now() + std::chrono::microseconds(random() % (round % 7 == 6 ? 150'000 : 6'000));
      while (std::chrono::steady_clock::now() < until) std::this_thread::yield();
      writer.kill();
      while (writer.next(acknowledged)) {
      }
      const int status = writer.wait();
      REQUIRE(WIFSIGNALED(status));
    }
    const auto db = open(where);
    const auto n = cursor(db);
    CHECK(n >= acknowledged);
    CHECK(n <= acknowledged + 1);  // at most the one whose answer was on its way
    check_whole(db, n);
    before = n;
  }
  CHECK(before > 500);
  CHECK(open(where).verify()->faults.empty());
}

TEST_CASE("several threads commit and read") {
  const folder where;
  auto db = open(where);
  std::vector<std::jthread> threads;
  std::atomic<int> failures = 0;
  for (int t = 1; t <= 4; ++t)
    threads.emplace_back([&, t] {
      for (int n = 0; n < 100; ++n) {
        batch b;
        b.append(quarter, entry(n, n, t)).enqueue(item("emt-" + std::to_string(t), "x"));
        if (!db.commit(b, durability::buffered)) ++failures;
        const auto last = db.last_entry(list_of(t));
        if (!last || !*last || **last != entry(n, n, t)) ++failures;
        if (db.count("emt-" + std::to_string(t)).waiting != static_cast<std::size_t>(n) + 1) ++failures;
      }
    });
  threads.clear();
  CHECK(failures == 0);
  CHECK(db.count_all().waiting == 400);
  CHECK(db.lists().size() == 4);
}
