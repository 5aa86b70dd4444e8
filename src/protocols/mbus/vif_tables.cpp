// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#include "protocols/mbus/vif.hpp"

#include <array>

namespace smgw::mbus {
namespace {

using table = std::array<meaning, 128>;
using q = quantity;

constexpr unit durations[4] = {unit::second, unit_minute, unit_hour, unit_day};
constexpr unit long_durations[4] = {unit_hour, unit_day, unit_month, unit_year};

/// `count` codes from `first` on, each ten times the one before.
constexpr void decades(table& t, std::size_t first, std::size_t count, q what, unit u, int scaler,
                       std::uint32_t factor = 1, value_type type = value_type::number) {
  for (std::size_t i = 0; i < count; ++i)
    t[first + i] = {what, u, static_cast<std::int8_t>(scaler + static_cast<int>(i)), type, factor};
}
constexpr void times(table& t, std::size_t first, q what, const unit (&units)[4] = durations,
                     value_type type = value_type::number, std::size_t from = 0) {
  for (std::size_t i = from; i < 4; ++i) t[first + i] = {what, units[i], 0, type, 1};
}
constexpr void one(table& t, std::size_t code, q what, unit u = unit::none, value_type type = value_type::number) {
  t[code] = {what, u, 0, type, 1};
}
constexpr auto plain = value_type::unsigned_number;

// Table 10.
constexpr table make_primary() {
  table t{};
  decades(t, 0x00, 8, q::energy, unit::watt_hour, -3);
  decades(t, 0x08, 8, q::energy, unit_joule, 0);
  decades(t, 0x10, 8, q::volume, unit::cubic_metre, -6);
  decades(t, 0x18, 8, q::mass, unit_kilogram, -3);
  times(t, 0x20, q::on_time);
  times(t, 0x24, q::operating_time);
  decades(t, 0x28, 8, q::power, unit::watt, -3);
  decades(t, 0x30, 8, q::power, unit_joule_per_hour, 0);
  decades(t, 0x38, 8, q::volume_flow, unit_cubic_metre_per_hour, -6);
  decades(t, 0x40, 8, q::volume_flow, unit_cubic_metre_per_hour, -7, 60);    // m³/min
  decades(t, 0x48, 8, q::volume_flow, unit_cubic_metre_per_hour, -9, 3600);  // m³/s
  decades(t, 0x50, 8, q::mass_flow, unit_other, -3);                         // kg/h has no code
  decades(t, 0x58, 4, q::flow_temperature, unit::celsius, -3);
  decades(t, 0x5C, 4, q::return_temperature, unit::celsius, -3);
  decades(t, 0x60, 4, q::temperature_difference, unit_kelvin, -3);
  decades(t, 0x64, 4, q::external_temperature, unit::celsius, -3);
  decades(t, 0x68, 4, q::pressure, unit_bar, -3);
  one(t, 0x6C, q::date, unit::none, value_type::calendar);
  one(t, 0x6D, q::date_time, unit::none, value_type::calendar);
  one(t, 0x6E, q::hca_units);
  times(t, 0x70, q::averaging_duration);
  times(t, 0x74, q::actuality_duration);
  one(t, 0x78, q::fabrication_number, unit::none, plain);
  one(t, 0x79, q::enhanced_identification, unit::none, plain);
  one(t, 0x7A, q::address, unit::none, plain);
  one(t, 0x7C, q::plain_text, unit_other);
  one(t, 0x7E, q::any);
  one(t, 0x7F, q::manufacturer_specific);
  return t;
}

// Table 14.
constexpr table make_fb() {
  table t{};
  decades(t, 0x00, 2, q::energy, unit::watt_hour, 5);  // 0.1 MWh
  decades(t, 0x02, 2, q::reactive_energy, unit::var_hour, 3);
  decades(t, 0x04, 2, q::apparent_energy, unit::volt_ampere_hour, 3);
  decades(t, 0x08, 2, q::energy, unit_joule, 8);  // 0.1 GJ
  decades(t, 0x0C, 4, q::energy, unit_other, 5);  // 0.1 Mcal, in cal
  decades(t, 0x10, 2, q::volume, unit::cubic_metre, 2);
  decades(t, 0x14, 4, q::reactive_power, unit::var, 0);
  decades(t, 0x18, 2, q::mass, unit_kilogram, 5);  // 100 t
  decades(t, 0x1A, 2, q::relative_humidity, unit_percent, -1);
  one(t, 0x20, q::volume, unit_other);  // cubic feet
  decades(t, 0x21, 1, q::volume, unit_other, -1);
  // Reserved since 2018; older meters (EN 1434-3:1997, table 11) count in US gallons and degrees Fahrenheit.
  decades(t, 0x22, 2, q::volume, unit_other, -1);
  decades(t, 0x24, 1, q::volume_flow, unit_other, -3);    // gallons per minute
  decades(t, 0x25, 1, q::volume_flow, unit_other, 0);     // gallons per minute
  decades(t, 0x26, 1, q::volume_flow, unit_other, 0);     // gallons per hour
  decades(t, 0x28, 2, q::power, unit::watt, 5);           // 0.1 MW
  decades(t, 0x2A, 1, q::phase_angle, unit::degree, -1);  // voltage to voltage
  decades(t, 0x2B, 1, q::phase_angle, unit::degree, -1);  // voltage to current
  decades(t, 0x2C, 4, q::frequency, unit::hertz, -3);
  decades(t, 0x30, 2, q::power, unit_joule_per_hour, 8);
  decades(t, 0x34, 4, q::apparent_power, unit::volt_ampere, 0);
  decades(t, 0x58, 4, q::flow_temperature, unit_other, -3);
  decades(t, 0x5C, 4, q::return_temperature, unit_other, -3);
  decades(t, 0x60, 4, q::temperature_difference, unit_other, -3);
  decades(t, 0x64, 4, q::external_temperature, unit_other, -3);
  for (std::size_t i = 0x68; i <= 0x6E; ++i)  // K, Kc, Kcr, Kch, Kt, Kd: 2^-12, that is 5^12 · 10^-12
    t[i] = {q::rating_factor, unit::none, -12, plain, 244'140'625};
  one(t, 0x69, q::rating_factor, unit::watt, plain);  // Kq: the thermal output
  decades(t, 0x70, 4, q::temperature_limit, unit_other, -3);
  decades(t, 0x74, 4, q::temperature_limit, unit::celsius, -3);
  decades(t, 0x78, 8, q::maximum_power, unit::watt, -3);
  return t;
}

// Table 12.
constexpr table make_fd() {
  table t{};
  decades(t, 0x00, 4, q::credit, unit_currency, -3);
  decades(t, 0x04, 4, q::debit, unit_currency, -3);
  one(t, 0x08, q::message_id, unit::none, plain);
  one(t, 0x09, q::device_type, unit::none, plain);
  one(t, 0x0A, q::manufacturer, unit::none, plain);
  one(t, 0x0B, q::parameter_set, unit::none, plain);
  one(t, 0x0C, q::model_version, unit::none, plain);
  one(t, 0x0D, q::hardware_version, unit::none, plain);
  one(t, 0x0E, q::firmware_version, unit::none, plain);
  one(t, 0x0F, q::software_version, unit::none, plain);
  one(t, 0x10, q::customer_location, unit::none, plain);
  one(t, 0x11, q::customer, unit::none, plain);
  for (std::size_t i = 0x12; i <= 0x15; ++i) one(t, i, q::access_code, unit::none, plain);
  one(t, 0x16, q::password, unit::none, plain);
  one(t, 0x17, q::error_flags, unit::none, value_type::bits);
  one(t, 0x18, q::error_mask, unit::none, value_type::bits);
  one(t, 0x19, q::security_key, unit::none, value_type::octets);
  one(t, 0x1A, q::digital_output, unit::none, value_type::bits);
  one(t, 0x1B, q::digital_input, unit::none, value_type::bits);
  one(t, 0x1C, q::baud_rate, unit::none, plain);
  one(t, 0x1D, q::response_delay, unit::none, plain);
  one(t, 0x1E, q::retry, unit::none, plain);
  one(t, 0x1F, q::remote_control, unit::none, value_type::bits);
  for (std::size_t i = 0x20; i <= 0x23; ++i) one(t, i, q::storage_description, unit::none, plain);
  times(t, 0x24, q::storage_interval, durations, plain);
  one(t, 0x28, q::storage_interval, unit_month, plain);
  one(t, 0x29, q::storage_interval, unit_year, plain);
  one(t, 0x2A, q::operator_data, unit::none, value_type::octets);
  one(t, 0x2B, q::time_point, unit::second, plain);
  times(t, 0x2C, q::duration_since_readout, durations, plain);
  one(t, 0x30, q::tariff_start, unit::none, value_type::calendar);
  times(t, 0x30, q::tariff_duration, durations, plain, 1);
  times(t, 0x34, q::tariff_period, durations, plain);
  one(t, 0x38, q::tariff_period, unit_month, plain);
  one(t, 0x39, q::tariff_period, unit_year, plain);
  one(t, 0x3A, q::dimensionless);
  one(t, 0x3B, q::wmbus_container, unit::none, value_type::octets);
  times(t, 0x3C, q::transmission_period, durations, plain);
  decades(t, 0x40, 16, q::voltage, unit::volt, -9);
  decades(t, 0x50, 16, q::current, unit::ampere, -12);
  one(t, 0x60, q::reset_counter, unit::none, plain);
  one(t, 0x61, q::cumulation_counter, unit::none, plain);
  one(t, 0x62, q::control_signal, unit::none, value_type::bits);
  one(t, 0x63, q::calendar_position, unit::none, plain);             // day of week
  one(t, 0x64, q::calendar_position, unit::none, plain);             // week number
  one(t, 0x65, q::calendar_position, unit::none, plain);             // time point of day change
  one(t, 0x66, q::calendar_position, unit::none, value_type::bits);  // state of parameter activation
  one(t, 0x67, q::supplier_information, unit::none, value_type::octets);
  times(t, 0x68, q::duration_since_cumulation, long_durations, plain);
  times(t, 0x6C, q::battery_operating_time, long_durations, plain);
  one(t, 0x70, q::battery_change, unit::none, value_type::calendar);
  one(t, 0x71, q::rf_level, unit_dbm);
  one(t, 0x72, q::daylight_saving, unit::none, value_type::octets);   // type K
  one(t, 0x73, q::listening_window, unit::none, value_type::octets);  // type L
  one(t, 0x74, q::battery_remaining, unit_day, plain);
  one(t, 0x75, q::meter_stops, unit::none, plain);
  one(t, 0x76, q::manufacturer_container, unit::none, value_type::octets);
  return t;
}

constexpr table make_fd2() {
  table t{};
  one(t, 0x00, q::selected_application, unit::none, plain);
  one(t, 0x02, q::battery_remaining, unit_month, plain);
  one(t, 0x03, q::battery_remaining, unit_year, plain);
  return t;
}

constexpr table primary = make_primary();
constexpr table fb = make_fb();
constexpr table fd = make_fd();
constexpr table fd2 = make_fd2();

}  // namespace

const meaning& primary_meaning(std::uint8_t vif) noexcept { return primary[vif & 0x7FU]; }
const meaning& fb_meaning(std::uint8_t vife) noexcept { return fb[vife & 0x7FU]; }
const meaning& fd_meaning(std::uint8_t vife) noexcept { return fd[vife & 0x7FU]; }
const meaning& fd2_meaning(std::uint8_t vife) noexcept { return fd2[vife & 0x7FU]; }

}  // namespace smgw::mbus
