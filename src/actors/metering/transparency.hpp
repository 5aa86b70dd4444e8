// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

#include "domain/ledger/record.hpp"
#include "domain/profile/evaluation.hpp"
#include "domain/tariff/contract.hpp"

#include <vector>

namespace smgw::metering {

/// An original list, as far as it was asked for.
struct original_values {
  device_id meter;
  obis register_name;
  std::chrono::seconds period{900};
  std::vector<list_entry> entries;
};

/// Everything a consumer takes home to check a bill (VDE-AR-E 2418-6, PTB-A 50.8).
struct transparency {
  profile::evaluation what;
  device_id gateway;
  std::string firmware;
  bytes certificate;  ///< of the inner signature, X.509 DER
  timestamp from{};   ///< both ends are included
  timestamp to{};
  std::vector<original_values> originals;
  std::vector<tariff::register_row> billing;  ///< TAF 1 and 2: rows of the billing list in the time asked for
  std::vector<ledger::record> log;            ///< of the consumer
};

/// The document for TAF 1, 2, 6 and 7. unsupported: another use case. unavailable: there are no values in that time.
[[nodiscard]] expected<std::string> transparency_document(const transparency& t);

}  // namespace smgw::metering
