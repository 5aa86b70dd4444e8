// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#include "protocols/mbus/quantity.hpp"

#include <array>

namespace smgw::mbus {
namespace {

// In the order of the enumeration.
constexpr std::array<std::string_view, 86> names{
    "reserved",
    "energy",
    "reactive_energy",
    "apparent_energy",
    "volume",
    "mass",
    "on_time",
    "operating_time",
    "power",
    "reactive_power",
    "apparent_power",
    "volume_flow",
    "mass_flow",
    "flow_temperature",
    "return_temperature",
    "temperature_difference",
    "external_temperature",
    "temperature_limit",
    "pressure",
    "date",
    "date_time",
    "hca_units",
    "averaging_duration",
    "actuality_duration",
    "fabrication_number",
    "enhanced_identification",
    "address",
    "plain_text",
    "any",
    "manufacturer_specific",
    "credit",
    "debit",
    "message_id",
    "device_type",
    "manufacturer",
    "parameter_set",
    "model_version",
    "hardware_version",
    "firmware_version",
    "software_version",
    "customer_location",
    "customer",
    "access_code",
    "password",
    "error_flags",
    "error_mask",
    "security_key",
    "digital_output",
    "digital_input",
    "baud_rate",
    "response_delay",
    "retry",
    "remote_control",
    "storage_description",
    "storage_interval",
    "operator_data",
    "time_point",
    "duration_since_readout",
    "tariff_start",
    "tariff_duration",
    "tariff_period",
    "dimensionless",
    "wmbus_container",
    "transmission_period",
    "voltage",
    "current",
    "reset_counter",
    "cumulation_counter",
    "control_signal",
    "calendar_position",
    "supplier_information",
    "duration_since_cumulation",
    "battery_operating_time",
    "battery_change",
    "rf_level",
    "daylight_saving",
    "listening_window",
    "battery_remaining",
    "meter_stops",
    "manufacturer_container",
    "selected_application",
    "relative_humidity",
    "phase_angle",
    "frequency",
    "maximum_power",
    "rating_factor",
};
static_assert(names.size() == static_cast<std::size_t>(quantity::rating_factor) + 1);

}  // namespace

std::string_view name(quantity q) noexcept {
  const auto i = static_cast<std::size_t>(q);
  return i < names.size() ? names[i] : "reserved";
}

}  // namespace smgw::mbus
