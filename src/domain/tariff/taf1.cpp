// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

// TAF 1, data-sparing tariffs [Datensparsame Tarife]: one derived register, one value per billing period.
#include "base/check.hpp"
#include "domain/tariff/registers.hpp"
#include "domain/tariff/use_cases.hpp"

namespace smgw::tariff {
namespace {

/// The register begins with the level of its meters, so that with one meter it shows what the meter shows; from then on
/// it grows by their deltas, also across the exchange of a meter.
class taf1 : public registers {
 public:
  using registers::registers;

 private:
  expected<void> on_first_levels(const amount& sum) override {
    ensure(0);
    return add(0, sum);
  }
  expected<void> on_period(timestamp from, timestamp to, step& out) override {
    ensure(0);  // a period without any value is told as well
    return registers::on_period(from, to, out);
  }
  expected<void> assign(const interval& i, step&) override { return add(0, i.energy); }
};

}  // namespace

std::unique_ptr<engine> make_taf1(const profile::evaluation& p, const calendar::legal_time& zone) {
  return std::make_unique<taf1>(p, zone);
}

}  // namespace smgw::tariff
