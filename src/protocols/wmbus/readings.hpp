// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

/// \file
/// From an opened telegram to the gateway's readings: OBIS code, exact value, time of measurement, status
/// (detail specification 10.2; REQ.WMBUS.apl.10 to .80).

#include "protocols/wmbus/meter_status.hpp"
#include "protocols/wmbus/receiver.hpp"

namespace smgw::wmbus {

/// Most readings of one telegram: a profile of 15-minute values of one day and what comes beside it.
inline constexpr std::size_t max_readings = 128;

struct wireless_reading {
  obis register_name;
  decimal value;
  unit measured = unit::none;
  timestamp captured{};                      ///< measurementTs, UTC
  std::optional<mbus::calendar> meter_time;  ///< DT1!: the meter's own local time, in addition (REQ.WMBUS.apl.13)
  status_word status;
  bool billing = false;  ///< a registration-synchronous value of a profile, or a telegram without one
};

/// Appends the readings of an accepted telegram to `out`, which keeps its capacity between calls.
/// `received`: the timestamp of reception (REQ.WMBUS.apl.40).
///  * With an inverse compact profile, the base entry is the current value, not for billing, at reception minus
///    actuality duration (apl.11); the elements are for billing at their nominal times (apl.10): counted from the base
///    time of the telegram, else from the instant of the registration grid the current value belongs to.
///  * Without a profile, values are of reception minus actuality duration (apl.12), or of reception if none is sent.
/// Elements that are not available, and those outside the acceptance window, are left out. Fails as the record reader
/// does; conflict if the telegram is not accepted; exhausted above `max_readings`.
[[nodiscard]] expected<void> read_values(const telegram& t, timestamp received, std::vector<wireless_reading>& out);

}  // namespace smgw::wmbus
