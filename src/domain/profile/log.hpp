// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

namespace smgw::profile {

enum class log_level : std::uint8_t { info, warning, error, fatal };

/// The log profile: levels and bounds of the three logs.
struct log {
  std::string name;                               ///< the file it came from; empty: defaults
  log_level system_level = log_level::info;       ///< below this nothing enters the system log
  std::uint32_t system_entries = 100'000;         ///< then the oldest are overwritten (FAU_STG.4/SYS)
  std::uint32_t consumer_entries = 100'000;       ///< of each consumer (FAU_STG.4/CON)
  std::chrono::months consumer_retention{15};     ///< at least so long consumer entries are kept
  std::uint32_t calibration_entries = 1'000'000;  ///< never overwritten: full means stop (FAU_STG.4/CAL)
  unsigned calibration_alarm_percent = 90;        ///< fill level that alarms the administrator
  unsigned value_storage_percent = 0;             ///< of the store: beyond, only administration is left; 0: no limit
  friend bool operator==(const log&, const log&) = default;
};

}  // namespace smgw::profile
