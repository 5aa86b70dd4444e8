// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

#include "domain/tariff/amount.hpp"

#include <chrono>

namespace smgw::tariff {

/// Energy of one registration period as mean power: exact, because the period divides the hour.
[[nodiscard]] inline expected<amount> mean_power(const amount& energy, std::chrono::seconds period) {
  return energy.times(std::chrono::seconds{std::chrono::hours{1}} / period);
}

/// The unit of a mean power: Wh gives W. Volumes give volumes per hour, codes 15 and 16 of IEC 62056-6-2.
[[nodiscard]] constexpr unit power_of(unit energy) noexcept {
  switch (energy) {
    case unit::watt_hour: return unit::watt;
    case unit::volt_ampere_hour: return unit::volt_ampere;
    case unit::var_hour: return unit::var;
    case unit::cubic_metre: return static_cast<unit>(15);
    case unit::cubic_metre_corrected: return static_cast<unit>(16);
    default: return unit::none;
  }
}

}  // namespace smgw::tariff
