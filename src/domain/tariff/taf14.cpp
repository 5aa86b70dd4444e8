// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

// TAF 14, high-frequency values [Hochfrequente Messwertbereitstellung]: a value each minute, not for billing.
#include "domain/status/status.hpp"
#include "domain/tariff/moment.hpp"
#include "domain/tariff/use_cases.hpp"

namespace smgw::tariff {

std::unique_ptr<engine> make_taf14(const profile::evaluation& p, const calendar::legal_time& zone) {
  return std::make_unique<moment>(p, zone, true, status::value_not_validated);
}

}  // namespace smgw::tariff
