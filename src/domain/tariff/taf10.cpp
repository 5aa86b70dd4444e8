// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

// TAF 10, grid state data [Abruf von Netzzustandsdaten]: values at fixed intervals and when a threshold is crossed.
#include "domain/tariff/moment.hpp"
#include "domain/tariff/use_cases.hpp"

namespace smgw::tariff {

std::unique_ptr<engine> make_taf10(const profile::evaluation& p, const calendar::legal_time& zone) {
  return std::make_unique<moment>(p, zone, true, 0);
}

}  // namespace smgw::tariff
