// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "actors/ports/run_program.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace smgw;

TEST_CASE("another program runs to its end; its words are its own, no shell reads them") {
  const auto said = run_program("/bin/echo", {"a b", "$HOME;*"});
  REQUIRE(said);
  CHECK(said->code == 0);
  CHECK(said->output == "a b $HOME;*\n");
}

TEST_CASE("a program's exit code and the signal that ended it are told") {
  CHECK(run_program("/bin/sh", {"-c", "exit 3"})->code == 3);
  CHECK(run_program("/bin/sh", {"-c", "kill -9 $$"})->code == 137);
}

TEST_CASE("a program has no input to wait for") { CHECK(run_program("/bin/cat", {})->output.empty()); }

TEST_CASE("a program that is not there is unavailable; one that never stops talking is ended", "[native]") {
  const auto none = run_program("/no/such/program", {});
  REQUIRE_FALSE(none);
  CHECK(none.error().code == errc::unavailable);
  const auto endless = run_program("/usr/bin/yes", {});
  REQUIRE_FALSE(endless);
  CHECK(endless.error().code == errc::exhausted);
}
