// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

// TAF 9, current feed-in [Abruf der Ist-Einspeisung]: a value on request or when a threshold is crossed.
#include "domain/tariff/moment.hpp"
#include "domain/tariff/use_cases.hpp"

namespace smgw::tariff {

std::unique_ptr<engine> make_taf9(const profile::evaluation& p, const calendar::legal_time& zone) {
  return std::make_unique<moment>(p, zone, false, 0);
}

}  // namespace smgw::tariff
