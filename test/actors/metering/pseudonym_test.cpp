// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "domain/privacy/pseudonym.hpp"

#include "actors/foundation/key_token.hpp"
#include "actors/metering/delivery_document.hpp"
#include "base/octets.hpp"
#include "crypto/mac.hpp"
#include "domain/lists.hpp"
#include "protocols/cms/compressed_data.hpp"
#include "protocols/cosem/delivery.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace smgw;
using namespace smgw::lists;

namespace {

const privacy::mac_function mac = [](bytes_view d) { return crypto::hmac_sha256(bytes(32, 7), d); };
constexpr auto usage_point = "DE0001234567890000000000000012345";

/// Two meters, a day of quarter hours each, signed.
std::vector<tariff::result> day_of(unsigned taf, std::int64_t power) {
  auto p = evaluation(taf);
  p.id = "Haushalt_Meier-" + std::to_string(taf);
  p.inputs.push_back({.meter = meter_b, .register_name = import_total});
  auto c = tariff::make_contract(p).value();
  std::vector<tariff::result> all;
  for (int i = 0; i <= 96; ++i)
    for (const auto& m : {meter_a, meter_b}) {
      auto e = entry(p.valid_from + i * 900s, 1'000'000 + power * i, -1, m);
      e.signature = bytes(64, static_cast<std::uint8_t>(i + power));
      std::ranges::move(c->consume(e).value().results, std::back_inserter(all));
    }
  return all;
}

bytes seen_by(const std::string& recipient, const std::vector<tariff::result>& results, timestamp epoch) {
  const privacy::audience whom{usage_point, recipient, epoch};
  return metering::pseudonymous_document(results,
                                         [&](std::string_view device) { return privacy::pseudonym(whom, device, mac); })
      .value();
}

}  // namespace

TEST_CASE("what each recipient sees: the supplier names and signatures, the grid operator neither", "[FPR_PSE.1]") {
  const auto results = day_of(7, 25);
  REQUIRE(results.size() == 2);
  const auto epoch = at("2026-01-01T00:00:00+01:00");

  // The supplier: contract, both meters, all values with their inner signatures.
  const auto named = cosem::read(as_text(metering::delivery_document(results).value())).value();
  CHECK(named.source == "haushalt-meier-7.sm");
  REQUIRE(named.channels.size() == 2);
  CHECK(named.channels[0].source == "1emh0010482201.sm");
  CHECK(named.channels[1].source == "1isk0070000002.sm");
  for (const auto& c : named.channels)
    for (const auto& e : c.entries) CHECK(e.signature.size() == 64);

  // The grid operator: exactly the same values, under names that say nothing.
  const auto octets = seen_by("grid", results, epoch);
  const std::string text{as_text(octets)};
  for (const auto* secret :
       {"1emh0010482201", "1EMH0010482201", "1isk0070000002", "aushalt", "eier", "DE000123", "consumer", "ESMG", ".sm"})
    CHECK(text.find(secret) == text.npos);
  const auto hidden = cosem::read(text).value();
  CHECK(hidden.source.ends_with(".ps"));
  REQUIRE(hidden.channels.size() == 2);
  CHECK(hidden.channels[0].source != hidden.channels[1].source);
  for (std::size_t i = 0; i < 2; ++i) {
    CHECK(hidden.channels[i].register_name == named.channels[i].register_name);
    REQUIRE(hidden.channels[i].entries.size() == named.channels[i].entries.size());
    for (std::size_t k = 0; k < hidden.channels[i].entries.size(); ++k) {
      const auto& a = hidden.channels[i].entries[k];
      const auto& b = named.channels[i].entries[k];
      CHECK(a.value.value == b.value.value);
      CHECK(a.value.captured == b.value.captured);
      CHECK(a.value.status == b.value.status);
      CHECK(a.value.meter.empty());
      CHECK(a.signature.empty());
    }
  }

  // Another operator, and the same one in the next epoch, see other names: nothing to join the data by.
  const auto other = cosem::read(as_text(seen_by("grid-2", results, epoch))).value();
  const auto later = cosem::read(as_text(seen_by("grid", results, at("2026-02-01T00:00:00+01:00")))).value();
  for (const auto* d : {&other, &later}) {
    CHECK(d->source != hidden.source);
    CHECK(d->channels[0].source != hidden.channels[0].source);
  }
  CHECK(other.source != later.source);
}

TEST_CASE("the size of a delivery follows from the number of its values, not from what was used", "[FPR_CON.1]") {
  for (const unsigned taf : {1U, 7U}) {
    const auto size_of = [&](std::int64_t power, bool compressed) {
      const auto results = day_of(taf, power);
      if (results.empty()) return std::size_t{0};
      const auto document = metering::delivery_document(results).value();
      const auto fill = concealing_size(metering::count_values(results), compressed);
      if (!compressed) return (document.size() + fill - 1) / fill * fill;
      return cms::compress(document, fill)->size();
    };
    for (const bool compressed : {true, false}) {
      const auto idle = size_of(0, compressed);
      for (const std::int64_t power : {1, 25, 977, 12'345, 1'000'000'007}) CHECK(size_of(power, compressed) == idle);
    }
  }
}

TEST_CASE("the time of sending follows from plan, gateway and recipient, not from what was used", "[FPR_CON.1]") {
  const auto zone = calendar::legal_time::load().value();
  const schedule::plan plan{.times = {6h}, .every = 0s, .jitter = 1800s};
  const auto ends = [](std::int64_t power) {
    std::vector<timestamp> all;
    for (const auto& r : day_of(7, power)) all.push_back(r.to);
    return all;
  };
  REQUIRE(ends(0) == ends(977));
  CHECK(schedule::next_dispatch(plan, ends(0)[0], zone, 5) == schedule::next_dispatch(plan, ends(977)[0], zone, 5));
}
