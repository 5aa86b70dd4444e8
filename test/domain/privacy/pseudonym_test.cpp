// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "domain/privacy/pseudonym.hpp"

#include "domain/lists.hpp"

#include <catch2/catch_test_macros.hpp>

#include <set>

using namespace smgw;
using namespace smgw::lists;
using privacy::audience;

namespace {

/// No MAC, but every octet of the input moves the output: enough to tell inputs apart.
std::array<std::uint8_t, 32> mixed(bytes_view data) {
  std::uint64_t h = 1469598103934665603ULL;
  for (const auto o : data) h = (h ^ o) * 1099511628211ULL;
  std::array<std::uint8_t, 32> out{};
  for (auto& o : out) {
    h = (h ^ (h >> 29U)) * 1099511628211ULL + 7;
    o = static_cast<std::uint8_t>(h >> 56U);
  }
  return out;
}
const audience base{.usage_point = "DE1", .recipient = "grid", .epoch = at("2026-01-01T00:00:00+01:00")};

}  // namespace

TEST_CASE("a pseudonym is the same for one audience, and another one for each other", "[FPR_PSE.1]") {
  const auto own = privacy::pseudonym(base, "m", mixed);
  CHECK(own == privacy::pseudonym(base, "m", mixed));
  CHECK(own.size() == 19);
  CHECK(own.ends_with(".ps"));
  CHECK(own.find_first_not_of("abcdefghijklmnopqrstuvwxyz234567.") == own.npos);
  auto other_point = base, other_recipient = base, other_epoch = base, shifted = base;
  other_point.usage_point = "DE2";
  other_recipient.recipient = "supplier";
  other_epoch.epoch += 1ms;
  shifted.usage_point = "DE1g";  // the border between fields counts
  shifted.recipient = "rid";
  std::set<std::string> all{own, privacy::pseudonym(base, "n", mixed)};
  for (const auto& a : {other_point, other_recipient, other_epoch, shifted})
    all.insert(privacy::pseudonym(a, "m", mixed));
  CHECK(all.size() == 6);
}

TEST_CASE("the epoch is the billing period: next month nobody recognises the household") {
  const auto zone = calendar::legal_time::load().value();
  const auto e = evaluation(10);
  CHECK(privacy::epoch_of(e, at("2026-03-31T23:59:59+02:00"), zone) == at("2026-03-01T00:00:00+01:00"));
  CHECK(privacy::epoch_of(e, at("2026-04-01T00:00:00+02:00"), zone) == at("2026-04-01T00:00:00+02:00"));
}

TEST_CASE("inner signatures and notes go: they would name the gateway") {
  std::vector<tariff::result> results(1);
  results[0].note = "threshold";
  results[0].entries.push_back(entry(at("2026-01-01T00:00:00Z"), 1));
  results[0].entries[0].signature = bytes(64, 1);
  privacy::strip(results);
  CHECK(results[0].entries[0].signature.empty());
  CHECK(results[0].note.empty());
}

TEST_CASE("base32 as in RFC 4648") {
  const auto of = [](std::string_view t) {
    return privacy::base32({reinterpret_cast<const std::uint8_t*>(t.data()), t.size()});
  };
  CHECK(of("") == "");
  CHECK(of("f") == "my");
  CHECK(of("fo") == "mzxq");
  CHECK(of("foo") == "mzxw6");
  CHECK(of("foobar") == "mzxw6ytboi");
}
