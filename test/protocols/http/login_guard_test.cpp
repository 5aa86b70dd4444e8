// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "protocols/http/login_guard.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace smgw;
using namespace smgw::http;
using namespace std::chrono_literals;

namespace {

const time_point t0{};
bool fail_times(login_guard& g, int n, std::string_view user, std::string_view source, time_point now) {
  bool closed = false;
  for (int i = 0; i < n; ++i) closed = g.failed(user, source, now);
  return closed;
}

}  // namespace

TEST_CASE("Five failures lock a user at one source for five minutes") {
  login_guard g;
  CHECK_FALSE(fail_times(g, 4, "a", "::1", t0));
  CHECK_FALSE(g.locked("a", "::1", t0));
  CHECK(g.failed("a", "::1", t0));
  CHECK(g.locked("a", "::1", t0) == 300s);
  CHECK(g.locked("a", "::1", t0 + 299500ms) == 1s);
  CHECK_FALSE(g.locked("a", "::1", t0 + 300s));
}

TEST_CASE("Nobody locks out another") {
  login_guard g;
  fail_times(g, 5, "a", "::1", t0);
  CHECK_FALSE(g.locked("a", "::2", t0));
  CHECK_FALSE(g.locked("b", "::1", t0));
}

TEST_CASE("Old failures and a good login do not count") {
  login_guard g;
  fail_times(g, 4, "a", "::1", t0);
  CHECK_FALSE(g.failed("a", "::1", t0 + 5min));
  g.succeeded("a", "::1", t0 + 5min);
  CHECK_FALSE(fail_times(g, 4, "a", "::1", t0 + 5min));
  CHECK(g.failed("a", "::1", t0 + 5min));
}

TEST_CASE("Guessing from many sources locks the user there, never where it is known") {
  login_guard g;
  g.succeeded("a", "home", t0);
  for (int i = 0; i < 50; ++i) g.failed("a", "s" + std::to_string(i), t0);
  CHECK(g.locked("a", "new", t0) == 300s);
  CHECK_FALSE(g.locked("a", "home", t0));
  CHECK_FALSE(g.locked("b", "new", t0));
  // Known for 48 hours only.
  for (int i = 0; i < 50; ++i) g.failed("a", "s" + std::to_string(i), t0 + 48h);
  CHECK(g.locked("a", "home", t0 + 48h));
}

TEST_CASE("The table is bounded and keeps what matters") {
  login_guard g{{.entries = 8}};
  g.succeeded("a", "home", t0);
  fail_times(g, 5, "a", "bad", t0);
  for (int i = 0; i < 1000; ++i) g.failed("a", "s" + std::to_string(i), t0 + 1s);
  CHECK(g.size() == 8);
  CHECK(g.locked("a", "bad", t0 + 1s));
  CHECK_FALSE(g.locked("a", "home", t0 + 1s));
}
