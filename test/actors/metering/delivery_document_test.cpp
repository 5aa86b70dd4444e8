// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "actors/metering/delivery_document.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace smgw;
using namespace std::chrono_literals;

namespace {

const timestamp midnight{std::chrono::sys_days{std::chrono::year{2026} / 3 / 1}};

/// `n` values, a second each, up to and including `to`.
tariff::result series(std::size_t n, timestamp to) {
  tariff::result r{.contract = "taf7-1", .taf = 7, .register_name = {{1, 0, 1, 8, 0, 255}}, .from = {}, .to = to};
  r.from = to - std::chrono::seconds(n);
  for (std::size_t i = 1; i <= n; ++i) {
    list_entry e{.target = r.from + std::chrono::seconds(i), .value = {}, .signature = {}};
    e.value.captured = e.target;
    r.entries.push_back(std::move(e));
  }
  return r;
}

}  // namespace

TEST_CASE("results of one interval go together, each other interval for itself", "[delivery]") {
  const auto parts = metering::split_deliveries({series(3, midnight), series(4, midnight), series(3, midnight + 1h)});
  REQUIRE(parts.size() == 2);
  CHECK(parts[0].size() == 2);
  CHECK(parts[1].size() == 1);
}

TEST_CASE("months of intervals that could not be sent become deliveries of usual size", "[delivery]") {
  std::vector<tariff::result> results;
  for (int hour = 0; hour < 24 * 60; ++hour) results.push_back(series(60, midnight + std::chrono::hours(hour)));
  const auto parts = metering::split_deliveries(std::move(results));
  REQUIRE(parts.size() == 24 * 60);
  for (const auto& part : parts) REQUIRE(metering::delivery_document(part));
}

TEST_CASE("a list longer than a delivery is cut; no value is lost or doubled, and the periods meet", "[delivery]") {
  constexpr auto many = 2 * metering::max_delivery_values + 1;
  const auto whole = series(many, midnight);
  const auto parts = metering::split_deliveries({whole});
  REQUIRE(parts.size() == 3);
  auto from = whole.from;
  std::vector<list_entry> together;
  for (const auto& part : parts) {
    REQUIRE(part.size() == 1);
    CHECK(part[0].from == from);
    from = part[0].to;
    REQUIRE(metering::delivery_document(part));
    together.insert(together.end(), part[0].entries.begin(), part[0].entries.end());
  }
  CHECK(from == whole.to);
  CHECK(together == whole.entries);
}

TEST_CASE("more lists than a document has columns are spread over deliveries", "[delivery]") {
  std::vector<tariff::result> results(65, series(1, midnight));
  const auto parts = metering::split_deliveries(std::move(results));
  REQUIRE(parts.size() == 2);
  CHECK(parts[0].size() == 64);
  CHECK(parts[1].size() == 1);
  for (const auto& part : parts) REQUIRE(metering::delivery_document(part));
}
