// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

// The tables of EN 13757-3:2018, 6.4, code by code: 10 (primary), 12 (FD), 13 (FD FD), 14 (FB), 15 and 16 (combinable).

#include "one_record.hpp"
#include "protocols/mbus/obis_map.hpp"

using namespace smgw;
using namespace smgw::mbus;

namespace {

/// "1 of this": the record `01 VIB 01` in its unit.
struct expectation {
  std::string_view vib;
  quantity what;
  unit measured;
  decimal value;
};

void check(std::span<const expectation> all) {
  for (const auto& e : all) {
    const one got{"01" + std::string(e.vib) + "01"};
    INFO(e.vib);
    CHECK(name(got.r.vif.what) == name(e.what));
    CHECK(got.r.vif.measured == e.measured);
    CHECK(got.r.value == e.value);
  }
}

value_information vib(std::string_view hex) {
  const auto octets = from_hex(hex).value();
  bytes_view in = octets;
  value_information out;
  REQUIRE(take_value_information(in, out));
  REQUIRE(in.empty());
  out.text = {};
  return out;
}

using q = quantity;

}  // namespace

TEST_CASE("the primary table at the ends of its ranges", "[mbus]") {
  constexpr expectation all[] = {
      {"00", q::energy, unit::watt_hour, {1, -3}},
      {"07", q::energy, unit::watt_hour, {1, 4}},
      {"08", q::energy, unit_joule, {1, 0}},
      {"0f", q::energy, unit_joule, {1, 7}},
      {"10", q::volume, unit::cubic_metre, {1, -6}},
      {"17", q::volume, unit::cubic_metre, {1, 1}},
      {"18", q::mass, unit_kilogram, {1, -3}},
      {"1f", q::mass, unit_kilogram, {1, 4}},
      {"20", q::on_time, unit::second, {1, 0}},
      {"27", q::operating_time, unit_day, {1, 0}},
      {"28", q::power, unit::watt, {1, -3}},
      {"37", q::power, unit_joule_per_hour, {1, 7}},
      {"38", q::volume_flow, unit_cubic_metre_per_hour, {1, -6}},
      {"47", q::volume_flow, unit_cubic_metre_per_hour, {60, 0}},
      {"4f", q::volume_flow, unit_cubic_metre_per_hour, {3600, -2}},
      {"57", q::mass_flow, unit_other, {1, 4}},
      {"58", q::flow_temperature, unit::celsius, {1, -3}},
      {"5f", q::return_temperature, unit::celsius, {1, 0}},
      {"60", q::temperature_difference, unit_kelvin, {1, -3}},
      {"67", q::external_temperature, unit::celsius, {1, 0}},
      {"68", q::pressure, unit_bar, {1, -3}},
      {"6e", q::hca_units, unit::none, {1, 0}},
      {"6f", q::reserved, unit::none, {1, 0}},
      {"71", q::averaging_duration, unit_minute, {1, 0}},
      {"76", q::actuality_duration, unit_hour, {1, 0}},
      {"7e", q::any, unit::none, {1, 0}},
      {"7f", q::manufacturer_specific, unit::none, {1, 0}},
  };
  check(all);
}

TEST_CASE("the table behind FB", "[mbus]") {
  constexpr expectation all[] = {
      {"fb01", q::energy, unit::watt_hour, {1, 6}},
      {"fb02", q::reactive_energy, unit::var_hour, {1, 3}},
      {"fb05", q::apparent_energy, unit::volt_ampere_hour, {1, 4}},
      {"fb09", q::energy, unit_joule, {1, 9}},
      {"fb0f", q::energy, unit_other, {1, 8}},
      {"fb11", q::volume, unit::cubic_metre, {1, 3}},
      {"fb17", q::reactive_power, unit::var, {1, 3}},
      {"fb18", q::mass, unit_kilogram, {1, 5}},
      {"fb1a", q::relative_humidity, unit_percent, {1, -1}},
      {"fb1c", q::reserved, unit::none, {1, 0}},
      {"fb21", q::volume, unit_other, {1, -1}},
      {"fb23", q::volume, unit_other, {1, 0}},        // US gallons
      {"fb24", q::volume_flow, unit_other, {1, -3}},  // a minute
      {"fb29", q::power, unit::watt, {1, 6}},
      {"fb2a", q::phase_angle, unit::degree, {1, -1}},  // 0.1°: voltage to voltage
      {"fb2b", q::phase_angle, unit::degree, {1, -1}},  // voltage to current
      {"fb2c", q::frequency, unit::hertz, {1, -3}},
      {"fb31", q::power, unit_joule_per_hour, {1, 9}},
      {"fb34", q::apparent_power, unit::volt_ampere, {1, 0}},
      {"fb5b", q::flow_temperature, unit_other, {1, 0}},  // degrees Fahrenheit
      {"fb68", q::rating_factor, unit::none, {244'140'625, -12}},
      {"fb69", q::rating_factor, unit::watt, {1, 0}},
      {"fb6e", q::rating_factor, unit::none, {244'140'625, -12}},
      {"fb6f", q::reserved, unit::none, {1, 0}},
      {"fb77", q::temperature_limit, unit::celsius, {1, 0}},
      {"fb78", q::maximum_power, unit::watt, {1, -3}},
  };
  check(all);
}

TEST_CASE("the tables behind FD and FD FD", "[mbus]") {
  constexpr expectation all[] = {
      {"fd00", q::credit, unit_currency, {1, -3}},
      {"fd07", q::debit, unit_currency, {1, 0}},
      {"fd08", q::message_id, unit::none, {1, 0}},
      {"fd1c", q::baud_rate, unit::none, {1, 0}},
      {"fd28", q::storage_interval, unit_month, {1, 0}},
      {"fd2f", q::duration_since_readout, unit_day, {1, 0}},
      {"fd31", q::tariff_duration, unit_minute, {1, 0}},
      {"fd39", q::tariff_period, unit_year, {1, 0}},
      {"fd3a", q::dimensionless, unit::none, {1, 0}},
      {"fd40", q::voltage, unit::volt, {1, -9}},
      {"fd4f", q::voltage, unit::volt, {1, 6}},
      {"fd50", q::current, unit::ampere, {1, -12}},
      {"fd5f", q::current, unit::ampere, {1, 3}},
      {"fd6b", q::duration_since_cumulation, unit_year, {1, 0}},
      {"fd6c", q::battery_operating_time, unit_hour, {1, 0}},
      {"fd71", q::rf_level, unit_dbm, {1, 0}},
      {"fd74", q::battery_remaining, unit_day, {1, 0}},
      {"fd77", q::reserved, unit::none, {1, 0}},
      {"fdfd00", q::selected_application, unit::none, {1, 0}},
      {"fdfd02", q::battery_remaining, unit_month, {1, 0}},
      {"fdfd03", q::battery_remaining, unit_year, {1, 0}},
      {"fdfd01", q::reserved, unit::none, {1, 0}},
  };
  check(all);
}

TEST_CASE("the third extension table has no codes: the octet behind EF is one of them", "[mbus]") {
  const auto third = vib("ef7d");
  CHECK(third.what == quantity::reserved);
  CHECK(third.qualifiers == 0);
  CHECK(third.correction == 0);
  CHECK(vib("efff3c").qualifiers == q_backward_only);
}

TEST_CASE("combinable VIFEs", "[mbus]") {
  const std::pair<std::string_view, std::uint32_t> flags[] = {
      {"9300", 0},
      {"9301", q_error},
      {"9312", q_average},
      {"9313", q_inverse_profile},
      {"9314", q_special},
      {"931d", q_special},
      {"931e", q_register_profile},
      {"931f", q_profile},
      {"9320", q_rate},
      {"9338", q_rate},
      {"9339", q_date_of},
      {"933a", q_uncorrected},
      {"933b", q_forward_only},
      {"933c", q_backward_only},
      {"933d", q_not_metric},
      {"933e", q_base_conditions},
      {"933f", q_obis},
      {"9340", q_limit},
      {"9344", q_rate},  // times a hundredth of the flow temperature
      {"9345", q_rate},
      {"9342", q_limit | q_date_of},
      {"934f", q_limit | q_date_of},
      {"934c", q_reserved},
      {"9357", q_limit | q_duration_of},
      {"9360", q_limit | q_duration_of},
      {"9368", q_limit},
      {"9369", q_special},
      {"936b", q_limit | q_date_of},
      {"936d", q_special},
      {"9370", q_corrected},
      {"9378", q_additive},
      {"937c", q_reserved},
      {"937d", q_corrected},
      {"937e", q_future},
      {"93ff05", q_manufacturer},
      {"93bb3e", q_forward_only | q_base_conditions},
      {"93fc04", q_extended},
      {"93fc81fc08", q_extended | q_special},  // a phase and a quadrant
  };
  for (const auto& [text, want] : flags) {
    INFO(text);
    CHECK(vib(text).qualifiers == want);
  }
  CHECK(vib("93a6fc02").rate == 0x26);
  CHECK(vib("93a6fc02").extension == 2);
}

TEST_CASE("multiplicative corrections: 10^-6 to 10^1, and 10^3", "[mbus]") {
  for (unsigned n = 0; n < 8; ++n) CHECK(vib("937" + std::to_string(n)).scaler == -3 - 6 + static_cast<int>(n));
  CHECK(vib("937d").scaler == 0);
  CHECK(vib("93f67d").scaler == 0);  // 10^0, then 10^3
}

TEST_CASE("a date of variable length is none of the types that a length tells apart", "[mbus]") {
  CHECK(one{"046d0b0bcd13"}.r.kind == value_kind::calendar);
  const one type_m{"0d6de40b0bcd13"};
  CHECK(type_m.r.kind == value_kind::octets);
  CHECK(to_hex(type_m.r.raw) == "0b0bcd13");
  CHECK(one{"04fd720b0bcd13"}.r.kind == value_kind::octets);  // types K and L
  CHECK(one{"02fd730b0b"}.r.kind == value_kind::octets);
}

TEST_CASE("additive corrections: 0.001 to 1 of the unit, exactly", "[mbus]") {
  CHECK(one{"04937805000000"}.r.value == decimal{6, -3});        // 5 l and 0.001 m³
  CHECK(one{"04937b05000000"}.r.value == decimal{1005, -3});     // and 1 m³
  CHECK(one{"04967805000000"}.r.value == decimal{5001, -3});     // 5 m³ and 0.001 m³
  CHECK(one{"019379fe"}.r.value == decimal{8, -3});              // below zero, and 0.01 m³
  CHECK(one{"04c77802000000"}.r.value == decimal{120'060, -3});  // 2 and 0.001 m³/min, in m³/h
  CHECK(one{"0493f87b05000000"}.r.value == decimal{1006, -3});   // two constants
  CHECK(one{"0493f57805000000"}.r.value == decimal{15, -4});     // a tenth of 5 l, and 0.001 m³
  CHECK(one{"05937b0000c03f"}.r.value == decimal{10'015, -4});   // REAL32: 1.5 l, and 1 m³
  CHECK(one{"04fdc97805000000"}.r.value == decimal{5001, -3});   // 5 V and 1 mV
  const one declared{"04fb807805000000"};                        // 0.1 MWh: of which unit, table FB does not say
  CHECK(declared.r.value == decimal{5, 5});
  CHECK(declared.r.vif.qualifiers == q_additive);
  CHECK(one{"0493c07805000000"}.r.value == decimal{5, -3});  // a limit, not the value itself
  CHECK(one{"01937880"}.r.kind == value_kind::not_available);
  CHECK(one{"079078ffffffffffffff7f"}.r.kind == value_kind::octets);  // does not fit 63 bits
  CHECK_FALSE(obis_of(one{"04937805000000"}.r, 7));                   // told, never billed
}

TEST_CASE("the last table says how a value is coded: type C, type D, the end of a period", "[mbus]") {
  CHECK(one{"0113fe"}.r.value == decimal{-2, -3});
  CHECK(one{"0193fc11fe"}.r.value == decimal{254, -3});
  CHECK(one{"01fdba92fc12ff"}.r.vif.type == value_type::bits);
  const one end{"0293fc13bf2c"};
  CHECK(end.r.kind == value_kind::calendar);
  CHECK(end.r.when.year == 2021);
}

TEST_CASE("what a meter reports as no data is no value", "[mbus]") {
  for (const auto* text : {"04931505000000", "04931605000000", "04931705000000", "04931805000000"})
    CHECK(one{text}.r.kind == value_kind::not_available);
  CHECK(one{"04931c05000000"}.r.kind == value_kind::number);  // premature end of the record: told, but there is a value
  CHECK(one{"04930005000000"}.r.value == decimal{5, -3});
}

TEST_CASE("a plain-text unit may be as long as its length octet says", "[mbus]") {
  const one longest{"017cff" + std::string(510, '4') + "07"};
  CHECK(longest.r.vif.text.size() == 255);
  CHECK(longest.r.value == decimal{7, 0});
  const one with_vife{"01fc02684d7605"};
  CHECK(with_vife.r.vif.text.size() == 2);
  CHECK(with_vife.r.value == decimal{5, 0});
}

TEST_CASE("a plain-text unit stands before the VIFEs or behind them", "[mbus]") {
  for (const auto* text : {"02fc0368522574d204", "02fc7403685225d204", "02fcf57503685225e803"}) {
    const one r{text};
    CHECK(r.r.vif.what == quantity::plain_text);
    CHECK(to_hex(r.r.vif.text) == "685225");
  }
  CHECK(one{"02fc7403685225d204"}.r.value == decimal{1234, -2});
  CHECK(one{"01fc0201027405"}.r.value == decimal{5, -2});  // no text anywhere: as most meters send it
}

TEST_CASE("a plain-text VIF without a text at either place is refused", "[mbus]") {
  for (const auto* text : {"02fc", "02fc74", "02fc7403", "02fc740368", "02fc7400", "02fc8080808080808080808080"}) {
    INFO(text);
    const auto octets = from_hex(text).value();
    record_reader reader{octets};
    record r;
    CHECK(reader.next(r).error().code == errc::truncated);
  }
}
