// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

// TAF 7, meter-reading profile [Zählerstandsgangmessung]: the original value lists unchanged, gaps included.
#include "domain/tariff/series.hpp"
#include "domain/tariff/use_cases.hpp"

namespace smgw::tariff {

std::unique_ptr<engine> make_taf7(const profile::evaluation& p, const calendar::legal_time& zone) {
  return std::make_unique<series>(p, p.delivery, zone);
}

}  // namespace smgw::tariff
