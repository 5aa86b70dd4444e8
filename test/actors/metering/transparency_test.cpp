// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "actors/metering/transparency.hpp"

#include "domain/tariff/lists.hpp"
#include "domain/tariff/naive.hpp"
#include "protocols/trudi/checks.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace smgw;
using namespace smgw::naive;
using metering::transparency;

namespace {

const auto january = at("2026-01-01T00:00:00+01:00");
const auto march = at("2026-03-01T00:00:00+01:00");

/// Two months of a life with gaps, faults and a meter that begins anew, through the engines.
transparency two_months(unsigned taf, unsigned seed) {
  std::mt19937 random{seed};
  transparency t;
  t.what = staged(taf, january, 0);
  t.what.usage_point = "DE0001234567890000000000000012345";
  t.what.invoicing_party = "9903100000006";
  t.gateway = device_id::parse("ESMG0000000001").value();
  t.certificate = {0x30, 0x03, 0x02, 0x01, 0x01};
  t.from = january;
  t.to = march;
  auto list = random_list(random, january, 59 * 96 + 1);
  if (taf <= 2) {
    auto c = tariff::make_contract(t.what).value();
    t.billing = tariff::replay(*c, list, tariff::list_kind::billing, january, march).value();
  }
  t.originals.push_back({meter_a, import_total, 900s, std::move(list)});
  t.log.push_back(ledger::make(ledger::event::values_sent, ledger::outcome::success, march, "96 values"));
  return t;
}

void check(const transparency& t) {
  const auto xml = metering::transparency_document(t);
  INFO((xml ? "" : xml.error().what));
  REQUIRE(xml);
  CHECK(test::xsd_complaints(*xml) == "");
  CHECK(test::trudi_complaints(*xml, t.what.taf) == std::vector<std::string>{});
}

}  // namespace

TEST_CASE("what the engines yield for TAF 1, 2 and 7 passes schema and checks, with gaps and faults in it") {
  for (const unsigned taf : {1U, 2U, 7U})
    for (unsigned seed = 1; seed <= 4; ++seed) {
      INFO("TAF " << taf << " seed " << seed);
      check(two_months(taf, seed));
    }
}

TEST_CASE("TAF 6: the released value of one day") {
  auto t = two_months(6, 1);
  t.from = t.to = at("2026-01-17T00:00:00+01:00");
  t.originals[0].entries = {entry(t.from, 4711)};
  check(t);
}

TEST_CASE("a sum of two meters names both and how they are combined") {
  auto t = two_months(1, 5);
  t.what.inputs.push_back({.meter = meter_b, .register_name = import_total, .sign = -1});
  t.originals.push_back(t.originals[0]);
  t.originals[1].meter = meter_b;
  check(t);
  CHECK(metering::transparency_document(t)->find("1EMH0010482201-1ISK0070000002") != std::string::npos);
}

TEST_CASE("other use cases, and times without values, are refused") {
  auto t = two_months(7, 1);
  t.what.taf = 10;
  CHECK(metering::transparency_document(t).error().code == errc::unsupported);
  t.what.taf = 7;
  t.from = t.to = at("2027-01-01T00:00:00Z");
  CHECK(metering::transparency_document(t).error().code == errc::unavailable);
}
