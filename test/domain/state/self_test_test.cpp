// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "domain/state/self_test.hpp"

#include "domain/lists.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace smgw;
using namespace smgw::lists;

TEST_CASE("a self-test at the start, each day, and on request at least ten minutes apart", "[FPT_TST.1]") {
  state::self_test_schedule s;
  const auto start = at("2026-06-01T12:00:00+02:00");
  CHECK(s.due(start));
  CHECK(s.running());
  CHECK_FALSE(s.due(start + 30h));
  CHECK(s.request(start + 1h).error().code == errc::conflict);
  s.ended();
  CHECK(s.request(start + 599s).error().code == errc::denied);
  CHECK(s.request(start + 600s));
  s.ended();
  CHECK_FALSE(s.due(start + 24h));
  CHECK(s.due(start + 24h + 600s));
}
