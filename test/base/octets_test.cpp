// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "base/octets.hpp"

#include "base/hex.hpp"
#include "base/secret.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace smgw;

TEST_CASE("octets are taken only while they are there") {
  const bytes data{1, 2, 3, 4, 5};
  bytes_view in = data;
  CHECK(*take_be<std::uint16_t>(in) == 0x0102);
  CHECK(*take_le<std::uint16_t>(in) == 0x0403);
  CHECK(take_be<std::uint16_t>(in).error().code == errc::truncated);
  CHECK(in.size() == 1);
  CHECK(take(in, 2).error().code == errc::truncated);
  CHECK(take(in, 1)->front() == 5);
}

TEST_CASE("hex text round-trips and refuses what it is not") {
  CHECK(to_hex(*from_hex("00fFa5")) == "00ffa5");
  CHECK(from_hex("0").error().code == errc::malformed);
  CHECK(from_hex("0g").error().code == errc::malformed);
}

TEST_CASE("a secret that moved is empty, and comparison looks at all octets") {
  secret key{bytes_view{bytes{1, 2, 3}}};
  const secret other = std::move(key);
  CHECK(other.size() == 3);
  CHECK(equal_constant_time(other.reveal(), bytes{1, 2, 3}));
  CHECK_FALSE(equal_constant_time(other.reveal(), bytes{1, 2, 4}));
  CHECK_FALSE(equal_constant_time(other.reveal(), bytes{1, 2}));
  bytes memory{9, 9};
  wipe(memory);
  CHECK(memory == bytes{0, 0});
}
