// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#include "store/fixture.hpp"

#include <catch2/catch_test_macros.hpp>
#include <sys/resource.h>

#include <csignal>
#include <cstdlib>

using namespace smgw;
using namespace smgw::store;
using namespace smgw::store::testing;

namespace {

std::string name(int n) { return "state/" + std::to_string(n); }
bytes value(int n) { return bytes(4000, static_cast<std::uint8_t>(n)); }

/// Puts values until one is refused; how many were taken.
int fill(database& db, int from, error& why) {
  for (int n = from; n < from + 20'000; ++n) {
    if (auto put = db.commit(batch{}.put_state(name(n), value(n)), durability::buffered); !put) {
      why = put.error();
      return n - from;
    }
  }
  return 20'000;
}

/// While it lives, no file of this process grows beyond `octets`.
class file_limit {
 public:
  explicit file_limit(rlim_t octets) {
    ::getrlimit(RLIMIT_FSIZE, &before_);
    old_ = std::signal(SIGXFSZ, SIG_IGN);
    const rlimit now{octets, before_.rlim_max};
    REQUIRE(::setrlimit(RLIMIT_FSIZE, &now) == 0);
  }
  file_limit(const file_limit&) = delete;
  file_limit& operator=(const file_limit&) = delete;
  ~file_limit() {
    ::setrlimit(RLIMIT_FSIZE, &before_);
    std::signal(SIGXFSZ, old_);
  }

 private:
  rlimit before_{};
  void (*old_)(int) = nullptr;
};

}  // namespace

TEST_CASE("the directory does not grow beyond its bound, and the reserve is kept") {
  const folder where;
  auto how = options_for(where);
  how.max_bytes = 6U << 20;
  how.reserve_bytes = 1U << 20;
  auto db = open(how);
  error why;
  const auto taken = fill(db, 0, why);
  CHECK(why.code == errc::exhausted);
  CHECK(taken > 500);
  CHECK(taken < 1400);
  CHECK(db.usage()->used <= how.max_bytes);
  CHECK(db.usage()->limit == how.max_bytes);
  CHECK(db.usage()->share() > 0.5);

  // The reserve: what is recorded for calibration goes on, and so does what frees space.
  CHECK(db.commit(batch{}.append_record("system", 1, bytes(20'000))).error().code == errc::exhausted);
  CHECK(db.commit(batch{}.append_record("calibration", 1, bytes(20'000)).use_reserve()));
  CHECK(**db.state(name(0)) == value(0));
  batch removals;
  for (int n = 0; n < taken; ++n) removals.erase_state(name(n));
  REQUIRE(db.commit(removals));
  CHECK(db.commit(batch{}.append_record("system", 1, bytes(1000))));
  CHECK(db.usage()->used < how.max_bytes / 4);
  CHECK(fill(db, 0, why) > taken / 2);
  CHECK(db.verify()->faults.empty());

  SECTION("even the reserve has an end") {
    expected<receipt> r = receipt{};
    std::uint64_t n = 1;
    while (r && n < 1000) r = db.commit(batch{}.append_record("calibration", ++n, bytes(60'000)).use_reserve());
    CHECK(r.error().code == errc::exhausted);
    CHECK(db.usage()->used <= how.max_bytes);
  }
}

TEST_CASE("an attempt of the outbox is recorded even when the store is full") {
  const folder where;
  auto how = options_for(where);
  how.max_bytes = 4U << 20;
  how.reserve_bytes = 1U << 20;
  auto db = open(how);
  const auto first = *db.enqueue(item("emt", std::string(100'000, 'x')));
  error why;
  fill(db, 0, why);
  CHECK(db.record_attempt(first, slot_time(9), "503"));
  CHECK(db.done(first));
}

TEST_CASE("a disk that takes no more is told as exhausted, and the store goes on when it does again") {
  const folder where;
  auto db = open(where);
  REQUIRE(db.put_state("before", text("kept")));
  {
    const file_limit limit(120'000);
    batch large;
    for (int n = 0; n < 100; ++n) large.put_state(name(n), value(n));
    CHECK(db.commit(large).error().code == errc::exhausted);
    CHECK(db.commit(large).error().code == errc::exhausted);
    CHECK(**db.state("before") == text("kept"));
    CHECK_FALSE(*db.state(name(0)));
  }
  // No restart in between.
  REQUIRE(db.put_state("after", text("also kept")));
  batch again;
  for (int n = 0; n < 100; ++n) again.put_state(name(n), value(n));
  REQUIRE(db.commit(again));
  for (int n = 0; n < 100; ++n) CHECK(**db.state(name(n)) == value(n));
  CHECK(db.verify()->faults.empty());
  db = open(options_for(folder{where.path() / "other"}));  // closes the first
  auto reopened = open(where);
  CHECK(**reopened.state("before") == text("kept"));
  CHECK(**reopened.state("after") == text("also kept"));
  CHECK(**reopened.state(name(99)) == value(99));
}

TEST_CASE("background work that meets a full disk does not end the store") {
  const folder where;
  auto db = open(where);
  int acknowledged = 0;
  {
    // Enough for small writes, not enough for the files that are merged from them.
    const file_limit limit(300'000);
    for (int n = 0; n < 300; ++n) {
      const auto r = db.commit(batch{}.put_state(name(n), value(n)), durability::buffered);
      if (!r) {
        CHECK(r.error().code == errc::exhausted);
        break;
      }
      acknowledged = n + 1;
    }
  }
  REQUIRE(db.put_state("after", text("kept")));
  for (int n = 0; n < acknowledged; ++n) CHECK(**db.state(name(n)) == value(n));
  const auto compacted = db.compact();
  INFO((compacted ? "" : compacted.error().what));
  CHECK(compacted);
  CHECK(db.verify()->faults.empty());
}

TEST_CASE("a full file system: needs a small one, named by SMGW_SMALL_DISK") {
  const char* disk = std::getenv("SMGW_SMALL_DISK");  // NOLINT(concurrency-mt-unsafe)
  if (disk == nullptr) SKIP("SMGW_SMALL_DISK is not set");
  const folder where(std::filesystem::path(disk) / "store");
  const auto ballast = std::filesystem::path(disk) / "ballast";
  write_file(ballast, bytes(1U << 20));
  auto db = open(where);
  error why;
  const auto taken = fill(db, 0, why);
  INFO(why.what);
  CHECK(why.code == errc::exhausted);
  CHECK(taken > 50);
  CHECK(db.put_state("more", value(1)).error().code == errc::exhausted);
  for (int n = 0; n < taken; ++n) CHECK(**db.state(name(n)) == value(n));
  std::filesystem::remove(ballast);
  REQUIRE(db.put_state("more", value(1)));
  for (int n = 0; n < taken; ++n) CHECK(**db.state(name(n)) == value(n));
  CHECK(db.verify()->faults.empty());
}
