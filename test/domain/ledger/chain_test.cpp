// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "domain/ledger/chain.hpp"

#include "domain/ledger/chains.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace smgw;
using namespace smgw::ledger;
using chains::make_log;
using chains::mixing;
using chains::read;

namespace {
std::optional<fault> check(const chains::log& l) { return verify(l.start, l.end, read(l.records), mixing); }
}  // namespace

TEST_CASE("an untouched chain is whole, numbered without gaps") {
  const auto l = make_log(50);
  CHECK_FALSE(check(l));
  CHECK_FALSE(check(make_log(0)));
  for (unsigned i = 0; i < 50; ++i) {
    const auto r = decode_stored(l.records[i].stored).value();
    CHECK(r.value.number == i + 1);
    CHECK(r.value.parent == i + 1);
    CHECK(r.value.text == "96 values");
  }
  CHECK(decode_stored(l.records.back().stored)->hash == l.end.hash);
}

TEST_CASE("any changed bit names its record") {
  const auto l = make_log(6);
  for (std::size_t octet = 0; octet < l.records[2].stored.size(); ++octet) {
    auto changed = l;
    changed.records[2].stored[octet] ^= 0x10U;
    const auto found = check(changed);
    REQUIRE(found);
    CHECK(found->number == 3);
    // the tag makes it look like a record of another log; the number inside, like another record
    if (octet < 4)
      CHECK(found->kind == fault_kind::wrong_log);
    else if (octet >= 5 && octet < 9)
      CHECK(found->kind == fault_kind::reordered);
    else
      CHECK(found->kind == fault_kind::tampered);
  }
}

TEST_CASE("a record made anew with a right hash of its own breaks the chain at the next") {
  auto l = make_log(6);
  auto at = l.start;
  for (int i = 0; i < 2; ++i) at = append(at, chains::sample(static_cast<unsigned>(i)), mixing)->next;
  auto forged = chains::sample(2);
  forged.text = "95 values";
  l.records[2].stored = append(at, forged, mixing)->stored;
  CHECK(check(l) == fault{.kind = fault_kind::tampered, .number = 4});
}

TEST_CASE("missing records are named: in the middle, at the front, at the end") {
  auto l = make_log(6);
  l.records.erase(l.records.begin() + 2);
  CHECK(check(l) == fault{.kind = fault_kind::missing, .number = 3});
  l = make_log(6);
  l.records.erase(l.records.begin());
  CHECK(check(l) == fault{.kind = fault_kind::missing, .number = 1});
  l = make_log(6);
  l.records.pop_back();
  CHECK(check(l) == fault{.kind = fault_kind::missing, .number = 6});
  CHECK_FALSE(verify(l.start, std::nullopt, read(l.records), mixing));
}

TEST_CASE("reordered records are named, with or without their keys") {
  auto l = make_log(6);
  std::swap(l.records[1].stored, l.records[3].stored);
  CHECK(check(l) == fault{.kind = fault_kind::reordered, .number = 2});
  l = make_log(6);
  l.records.insert(l.records.begin() + 3, l.records[1]);
  CHECK(check(l) == fault{.kind = fault_kind::reordered, .number = 2});
}

TEST_CASE("a record, a chain or a head of another log is named") {
  const auto other = make_log(6, {.kind = log_kind::consumer, .consumer = "consumer-2"});
  const auto mine = make_log(6, {.kind = log_kind::consumer, .consumer = "consumer-1"});
  auto mixed = mine;
  mixed.records[4] = other.records[4];
  CHECK(check(mixed) == fault{.kind = fault_kind::wrong_log, .number = 5});
  CHECK(verify(mine.start, mine.end, read(other.records), mixing) == fault{.kind = fault_kind::wrong_log, .number = 1});
  CHECK(verify(mine.start, other.end, read(mine.records), mixing)->kind == fault_kind::wrong_log);
}

TEST_CASE("a chain is verified from any head that is trusted") {
  const auto l = make_log(10);
  const auto anchor = decode_stored(l.records[3].stored).value();
  const head from{.log = l.start.log, .last = 4, .hash = anchor.hash};
  CHECK_FALSE(verify(from, l.end, read(l.records, 4), mixing));
  auto wrong = from;
  wrong.hash[0] ^= 1U;
  CHECK(verify(wrong, l.end, read(l.records, 4), mixing) == fault{.kind = fault_kind::tampered, .number = 5});
}

TEST_CASE("what cannot be a record is unreadable") {
  auto l = make_log(3);
  l.records[1].stored.resize(20);
  CHECK(check(l) == fault{.kind = fault_kind::unreadable, .number = 2});
  l.records[1].stored.resize(max_encoded + 200);
  CHECK(check(l) == fault{.kind = fault_kind::unreadable, .number = 2});
  CHECK(decode_stored(bytes(10)).error().code == errc::malformed);
}

TEST_CASE("refusals of append") {
  auto l = make_log(1);
  auto r = chains::sample(1);
  r.text.assign(max_text + 1, 'x');
  CHECK(append(l.end, r, mixing).error().code == errc::exhausted);
  l.end.last = 0xFFFF'FFFF;
  CHECK(append(l.end, chains::sample(1), mixing).error().code == errc::exhausted);
}

TEST_CASE("seeded damage is always found") {
  for (unsigned seed = 0; seed < 300; ++seed) {
    std::mt19937 random{seed};
    auto l = make_log(20);
    const auto n = random() % 20U;
    switch (random() % 3) {
      case 0:
        l.records[n].stored[random() % l.records[n].stored.size()] ^= static_cast<std::uint8_t>(1U << random() % 8U);
        break;
      case 1: l.records.erase(l.records.begin() + static_cast<std::ptrdiff_t>(n)); break;
      default: std::swap(l.records[n], l.records[(n + 1 + random() % 19U) % 20U]);
    }
    REQUIRE(check(l));
  }
}
