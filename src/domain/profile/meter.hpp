// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

#include "domain/status/status.hpp"

#include <smgw/types.hpp>

#include <optional>
#include <string>
#include <vector>

namespace smgw::profile {

inline constexpr std::size_t max_registers = 32;  ///< of one meter; 19 were seen in the field

struct meter_register {
  obis name;
  unit measured = unit::watt_hour;  ///< readings in another unit are refused
  friend bool operator==(const meter_register&, const meter_register&) = default;
};

/// Known deviations of a meter type from its protocol.
enum class quirk : std::uint8_t {
  no_time,        ///< sends no usable capture time: the time of reception counts
  zero_scaler,    ///< omits the scaler: 0 is meant
  status_absent,  ///< sends no status attribute: none means no fault
};

/// The meter profile [Zählerprofil] and its part of the LMN communication.
struct meter {
  std::string name;  ///< the file it came from
  device_id id;
  std::optional<bytes> server_id;  ///< overrides the derived server id (detail specification 8.4)
  std::string port;                ///< id of an LMN port of the gateway profile
  status::meter_kind medium = status::meter_kind::electricity;
  std::vector<meter_register> registers;
  std::chrono::seconds period{900};             ///< registration period [Registrierperiode]
  std::chrono::milliseconds window_minimum{0};  ///< least half width of the acceptance window
  std::vector<quirk> quirks;
  bool active = true;
  [[nodiscard]] bool has(quirk q) const noexcept;
  [[nodiscard]] const meter_register* find(const obis& r) const noexcept;
  friend bool operator==(const meter&, const meter&) = default;
};

}  // namespace smgw::profile
