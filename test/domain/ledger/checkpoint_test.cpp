// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "domain/ledger/checkpoint.hpp"

#include "domain/ledger/chains.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace smgw;
using namespace smgw::ledger;
using namespace std::chrono_literals;

namespace {
const auto t0 = lists::at("2026-05-14T22:00:00Z");
const sign_function signer = [](bytes_view) -> expected<bytes> { return bytes(64, 0x5A); };
}  // namespace

TEST_CASE("a checkpoint is due after 256 records or a day, never without new records") {
  auto at = begin({.kind = log_kind::system, .consumer = {}}, chains::mixing);
  CHECK_FALSE(checkpoint_due(at, std::nullopt, t0));
  at.last = 1;
  CHECK(checkpoint_due(at, std::nullopt, t0));
  const auto last = make_checkpoint(at, t0, signer).value();
  CHECK_FALSE(checkpoint_due(at, last, t0 + 48h));
  at.last = 2;
  CHECK_FALSE(checkpoint_due(at, last, t0 + 24h - 1ms));
  CHECK(checkpoint_due(at, last, t0 + 24h));
  at.last = 256;
  CHECK_FALSE(checkpoint_due(at, last, t0));
  at.last = 257;
  CHECK(checkpoint_due(at, last, t0));
}

TEST_CASE("a checkpoint covers log, number, hash and time") {
  const auto l = chains::make_log(5, {.kind = log_kind::consumer, .consumer = "consumer-1"});
  const auto whole = to_be_signed(l.end, t0);
  auto other = l.end;
  other.log.consumer = "consumer-2";
  CHECK(to_be_signed(other, t0) != whole);
  other = l.end;
  other.log.kind = log_kind::system;
  CHECK(to_be_signed(other, t0) != whole);
  other = l.end;
  other.last += 1;
  CHECK(to_be_signed(other, t0) != whole);
  other = l.end;
  other.hash[31] ^= 1U;
  CHECK(to_be_signed(other, t0) != whole);
  CHECK(to_be_signed(l.end, t0 + 1ms) != whole);
}

TEST_CASE("checkpoints are encoded and decoded, cuts are refused") {
  const auto l = chains::make_log(5, {.kind = log_kind::consumer, .consumer = "consumer-1"});
  const auto c = make_checkpoint(l.end, t0, signer).value();
  const auto octets = encode(c);
  CHECK(decode_checkpoint(octets) == c);
  for (std::size_t n = 0; n < octets.size(); ++n) CHECK_FALSE(decode_checkpoint(bytes_view{octets}.first(n)));
  auto longer = octets;
  longer.push_back(0);
  CHECK(decode_checkpoint(longer).error().code == errc::malformed);
}

TEST_CASE("a signer that fails or answers nonsense gives no checkpoint") {
  const auto l = chains::make_log(1);
  const auto refuse = [](bytes_view) -> expected<bytes> { return fail(errc::unavailable, "no key token"); };
  CHECK(make_checkpoint(l.end, t0, refuse).error().code == errc::unavailable);
  CHECK(make_checkpoint(l.end, t0, [](bytes_view) -> expected<bytes> { return bytes{}; }).error().code ==
        errc::internal);
}
