// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#include "protocols/mbus/obis_map.hpp"

#include <array>
#include <span>

namespace smgw::mbus {
namespace {

enum class when : std::uint8_t { current, set_date };

// One line of annex A: what is measured, qualifiers that must be there, current or at the set date (storage 1), and
// C and D of the code; E is the tariff.
struct line {
  quantity what;
  std::uint32_t needs;
  when time;
  std::uint8_t c;
  std::uint8_t d;
};
using q = quantity;

// 1-0: active and reactive energy and power, per direction; voltage, current, frequency of a phase by VIFE FC xx.
constexpr std::array<line, 16> electricity{{
    {q::energy, 0, when::current, 1, 8},
    {q::energy, q_forward_only, when::current, 1, 8},
    {q::energy, q_backward_only, when::current, 2, 8},
    {q::reactive_energy, 0, when::current, 3, 8},
    {q::reactive_energy, q_forward_only, when::current, 3, 8},
    {q::reactive_energy, q_backward_only, when::current, 4, 8},
    {q::apparent_energy, 0, when::current, 9, 8},
    {q::apparent_energy, q_backward_only, when::current, 10, 8},
    {q::power, 0, when::current, 16, 7},
    {q::power, q_forward_only, when::current, 1, 7},
    {q::power, q_backward_only, when::current, 2, 7},
    {q::reactive_power, 0, when::current, 3, 7},
    {q::reactive_power, q_backward_only, when::current, 4, 7},
    {q::apparent_power, 0, when::current, 9, 7},
    {q::apparent_power, q_backward_only, when::current, 10, 7},
    {q::frequency, 0, when::current, 14, 7},
}};

// 7-0: volume and flow at metering conditions (D = 0), at base conditions (2). D = 1 is the temperature-converted
// volume, so a value at the set date has no code of its own here.
constexpr std::array<line, 8> gas{{
    {q::volume, 0, when::current, 3, 0},
    {q::volume, q_uncorrected, when::current, 3, 0},
    {q::volume, q_base_conditions, when::current, 3, 2},
    {q::volume_flow, 0, when::current, 43, 0},
    {q::volume_flow, q_base_conditions, when::current, 43, 2},
    {q::energy, 0, when::current, 37, 0},
    {q::pressure, 0, when::current, 42, 0},
    {q::external_temperature, 0, when::current, 41, 0},
}};

// 8-0 and 9-0.
constexpr std::array<line, 4> water{{
    {q::volume, 0, when::current, 1, 0},
    {q::volume, 0, when::set_date, 1, 2},
    {q::volume_flow, 0, when::current, 2, 0},
    {q::flow_temperature, 0, when::current, 3, 0},
}};

// 5-0 and 6-0 (heat and cooling); 4-0 for heat cost allocators.
constexpr std::array<line, 13> thermal{{
    {q::energy, 0, when::current, 1, 0},
    {q::energy, 0, when::set_date, 1, 2},
    {q::volume, 0, when::current, 2, 0},
    {q::volume, 0, when::set_date, 2, 2},
    {q::mass, 0, when::current, 3, 0},
    {q::power, 0, when::current, 8, 0},
    {q::volume_flow, 0, when::current, 9, 0},
    {q::flow_temperature, 0, when::current, 10, 0},
    {q::return_temperature, 0, when::current, 11, 0},
    {q::temperature_difference, 0, when::current, 12, 0},
    {q::pressure, 0, when::current, 13, 0},
    {q::energy, q_backward_only, when::current, 1, 0},
    {q::operating_time, 0, when::current, 31, 0},
}};
constexpr std::array<line, 3> heat_cost{{
    {q::hca_units, 0, when::current, 1, 0},
    {q::hca_units, 0, when::set_date, 1, 2},
    {q::temperature_difference, 0, when::current, 12, 0},
}};

std::span<const line> table_of(std::uint8_t medium) {
  switch (medium) {
    case 1: return electricity;
    case 4: return heat_cost;
    case 5:
    case 6: return thermal;
    case 7: return gas;
    case 8:
    case 9: return water;
    default: return {};
  }
}

constexpr std::uint32_t harmless = q_corrected | q_inverse_profile;

bool per_phase(const record& r) {
  const auto what = r.vif.what;
  return what == q::voltage || what == q::current || (what == q::power && (r.vif.qualifiers & q_extended) != 0);
}

// Voltage, current and power per phase (second VIFE after FC: 1 to 3); without one, the first two are of L1.
std::optional<obis> phase_value(const record& r) {
  const auto base = r.vif.what == q::current ? 31 : r.vif.what == q::voltage ? 32 : 36;
  const unsigned phase = (r.vif.qualifiers & q_extended) != 0 ? r.vif.extension : 1U;
  if ((r.vif.qualifiers & ~(harmless | q_extended)) != 0 || phase < 1 || phase > 3 || r.storage != 0) return {};
  return obis{{1, 0, static_cast<std::uint8_t>(static_cast<unsigned>(base) + 20 * (phase - 1)), 7, 0, 255}};
}

}  // namespace

std::optional<obis> obis_of(const record& r, std::uint8_t device_type) noexcept {
  if (r.kind != value_kind::number || r.function != record_function::instantaneous || r.subunit != 0 ||
      r.vif.what == q::manufacturer_specific || r.vif.measured == unit_other || r.tariff > 63)
    return {};
  const auto medium = obis_medium(device_type);
  if (medium == 1 && per_phase(r)) return phase_value(r);
  // A combined meter for heat and cooling gives cooling in records with "accumulation of negative contributions".
  const bool cooling = medium == 6 && (r.vif.qualifiers & q_backward_only) != 0;
  const auto needs = r.vif.qualifiers & ~harmless;
  for (const auto& l : table_of(medium)) {
    if (l.what != r.vif.what || l.needs != needs) continue;
    if ((l.time == when::current) != (r.storage == 0) || r.storage > 1) continue;
    return obis{{cooling ? std::uint8_t{5} : medium, 0, l.c, l.d, static_cast<std::uint8_t>(r.tariff), 255}};
  }
  return {};
}

}  // namespace smgw::mbus
