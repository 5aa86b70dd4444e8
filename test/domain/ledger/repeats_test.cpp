// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "domain/ledger/repeats.hpp"

#include "domain/ledger/chains.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace smgw;
using namespace smgw::ledger;
using namespace std::chrono_literals;

namespace {
record failure(int second, std::string text = "no answer") {
  return make(event::sending_failed, outcome::failure, lists::at("2026-05-14T22:00:00Z") + second * 1s,
              std::move(text));
}
}  // namespace

TEST_CASE("of a run of repeats the first and the last are kept, the last with the count") {
  repeat_filter f;
  CHECK(f.offer(failure(0)).size() == 1);
  for (int i = 1; i < 10; ++i) CHECK(f.offer(failure(i)).empty());
  const auto out = f.offer(failure(10, "refused"));
  REQUIRE(out.size() == 2);
  CHECK(out[0].repetitions == 10);
  CHECK(out[0].at == failure(9).at);
  CHECK(out[1].text == "refused");
  CHECK(out[1].repetitions == 1);
}

TEST_CASE("a held record is written after a while, or when the log is read") {
  repeat_filter f;
  (void)f.offer(failure(0));
  CHECK_FALSE(f.next_deadline());
  CHECK_FALSE(f.flush(failure(0).at, true));
  (void)f.offer(failure(5));
  CHECK(f.next_deadline() == failure(5).at + repeat_hold);
  CHECK_FALSE(f.flush(failure(5).at + repeat_hold - 1ms));
  CHECK(f.flush(failure(5).at + repeat_hold)->repetitions == 2);
  CHECK_FALSE(f.flush(failure(5).at + 2 * repeat_hold));
  // the run goes on counting
  (void)f.offer(failure(2000));
  CHECK(f.flush(failure(2000).at, true)->repetitions == 3);
}

TEST_CASE("fatal records are never held, different ones never merged") {
  auto r = failure(0);
  CHECK(decide(r, failure(1)) == repeat::hold);
  CHECK(decide(r, failure(1, "other")) == repeat::write);
  auto fatal = r;
  fatal.level = level::fatal;
  CHECK(decide(fatal, fatal) == repeat::write);
  for (const auto& change : std::vector<std::function<void(record&)>>{
           [](record& x) { x.user = "other"; }, [](record& x) { x.sub_id = 1; },
           [](record& x) { x.outcome = outcome::success; }, [](record& x) { x.destination = "other"; }}) {
    auto other = r;
    change(other);
    CHECK(decide(r, other) == repeat::write);
  }
}
