// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

/// \file
/// What an M-Bus record measures (EN 13757-3:2018, tables 10, 12 and 14) and in which unit.

#include <smgw/types.hpp>

namespace smgw::mbus {

enum class quantity : std::uint8_t {
  reserved,  ///< a code the standard does not assign; the raw value is kept
  energy,
  reactive_energy,
  apparent_energy,
  volume,
  mass,
  on_time,
  operating_time,
  power,
  reactive_power,
  apparent_power,
  volume_flow,
  mass_flow,
  flow_temperature,
  return_temperature,
  temperature_difference,
  external_temperature,
  temperature_limit,
  pressure,
  date,
  date_time,
  hca_units,  ///< units of a heat cost allocator
  averaging_duration,
  actuality_duration,
  fabrication_number,
  enhanced_identification,
  address,
  plain_text,  ///< the unit is a text inside the record header
  any,
  manufacturer_specific,
  credit,
  debit,
  message_id,
  device_type,
  manufacturer,
  parameter_set,
  model_version,
  hardware_version,
  firmware_version,
  software_version,
  customer_location,
  customer,
  access_code,
  password,
  error_flags,
  error_mask,
  security_key,
  digital_output,
  digital_input,
  baud_rate,
  response_delay,
  retry,
  remote_control,
  storage_description,
  storage_interval,
  operator_data,
  time_point,
  duration_since_readout,
  tariff_start,
  tariff_duration,
  tariff_period,
  dimensionless,
  wmbus_container,
  transmission_period,
  voltage,
  current,
  reset_counter,
  cumulation_counter,
  control_signal,
  calendar_position,
  supplier_information,
  duration_since_cumulation,
  battery_operating_time,
  battery_change,
  rf_level,
  daylight_saving,
  listening_window,
  battery_remaining,
  meter_stops,
  manufacturer_container,
  selected_application,
  relative_humidity,
  phase_angle,
  frequency,
  maximum_power,
  rating_factor,
};
/// A short English name, as in logs and test output: `volume_flow`.
[[nodiscard]] std::string_view name(quantity q) noexcept;

// Codes of IEC 62056-6-2 for units that smgw::unit does not name.
inline constexpr unit unit_year{1};
inline constexpr unit unit_month{2};
inline constexpr unit unit_day{4};
inline constexpr unit unit_hour{5};
inline constexpr unit unit_minute{6};
inline constexpr unit unit_currency{10};
inline constexpr unit unit_cubic_metre_per_hour{15};
inline constexpr unit unit_kilogram{20};
inline constexpr unit unit_bar{24};
inline constexpr unit unit_joule{25};
inline constexpr unit unit_joule_per_hour{26};
inline constexpr unit unit_kelvin{52};
inline constexpr unit unit_percent{56};
inline constexpr unit unit_dbm{70};
inline constexpr unit unit_other{254};  ///< no code exists (kg/h, cal, cubic feet): the quantity and the header tell

}  // namespace smgw::mbus
