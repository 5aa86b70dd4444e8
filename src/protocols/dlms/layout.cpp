// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "protocols/dlms/layout.hpp"

#include <algorithm>

namespace smgw::dlms {
namespace {

constexpr obis name(std::uint8_t a, std::uint8_t b, std::uint8_t c, std::uint8_t d, std::uint8_t e) {
  return {{a, b, c, d, e, 255}};
}

// Kaifa MA105, MA304 and relatives with the list KFM_001 (the Norwegian and Swedish customer interface): list 1 has the
// power alone, list 2 the values of one or three phases, list 3 adds clock and energy. Currents in mA, voltages in 0.1
// V.
using list = std::array<placed_value, 18>;

// One phase: current and voltage of L1; three phases: three currents, then three voltages.
constexpr list kaifa(std::size_t phases) {
  constexpr std::array<std::uint8_t, 3> current{31, 51, 71};
  constexpr std::array<std::uint8_t, 3> voltage{32, 52, 72};
  list out{};
  std::uint16_t n = 0;
  const auto add = [&](const obis& of, std::int8_t scaler = 0, unit u = unit::none) {
    out[n] = {n, of, scaler, u};
    ++n;
  };
  add(name(1, 1, 0, 2, 129));
  add(name(0, 0, 96, 1, 0));
  add(name(0, 0, 96, 1, 7));
  add(name(1, 0, 1, 7, 0), 0, unit::watt);
  add(name(1, 0, 2, 7, 0), 0, unit::watt);
  add(name(1, 0, 3, 7, 0), 0, unit::var);
  add(name(1, 0, 4, 7, 0), 0, unit::var);
  for (std::size_t i = 0; i < phases; ++i) add(name(1, 0, current[i], 7, 0), -3, unit::ampere);
  for (std::size_t i = 0; i < phases; ++i) add(name(1, 0, voltage[i], 7, 0), -1, unit::volt);
  add(name(0, 0, 1, 0, 0));
  add(name(1, 0, 1, 8, 0), 0, unit::watt_hour);
  add(name(1, 0, 2, 8, 0), 0, unit::watt_hour);
  add(name(1, 0, 3, 8, 0), 0, unit::var_hour);
  add(name(1, 0, 4, 8, 0), 0, unit::var_hour);
  return out;
}
constexpr placed_value kaifa_power[] = {{0, name(1, 0, 1, 7, 0), 0, unit::watt}};
constexpr list kaifa_one_phase = kaifa(1);
constexpr list kaifa_three_phases = kaifa(3);
constexpr std::span<const placed_value> one_phase{kaifa_one_phase};
constexpr std::span<const placed_value> three_phases{kaifa_three_phases};

// Kamstrup OMNIPOWER with the list Kamstrup_V0001: values are named and bare. Power in W and var, currents in 0.01 A,
// voltages in V, energy in 0.01 kWh.
constexpr scaled_group kamstrup[] = {
    {1, 2, 7, 0, unit::watt},      {3, 4, 7, 0, unit::var},       {31, 31, 7, -2, unit::ampere},
    {51, 51, 7, -2, unit::ampere}, {71, 71, 7, -2, unit::ampere}, {32, 32, 7, 0, unit::volt},
    {52, 52, 7, 0, unit::volt},    {72, 72, 7, 0, unit::volt},    {1, 2, 8, 1, unit::watt_hour},
    {3, 4, 8, 1, unit::var_hour},
};

constexpr layout layouts[] = {
    {"KFM_001", 1, kaifa_power, {}},          {"KFM_001", 9, one_phase.first(9), {}},
    {"KFM_001", 14, one_phase.first(14), {}}, {"KFM_001", 13, three_phases.first(13), {}},
    {"KFM_001", 18, three_phases, {}},        {"Kamstrup_V0001", 0, {}, kamstrup},
};

void rescale(record& r, std::int8_t scaler, unit u) noexcept {
  r.scaled = true;
  r.measured = u;
  r.number->scaler = static_cast<std::int8_t>(r.number->scaler + scaler);
}

}  // namespace

std::span<const layout> known_layouts() noexcept { return layouts; }

const layout* find_layout(std::string_view name, std::size_t positions) noexcept {
  for (const auto& l : layouts)
    if (l.name == name && (l.positions == 0 || l.positions == positions)) return &l;
  return nullptr;
}

std::size_t positions_of(bytes_view body) noexcept {
  axdr::cursor c{body};
  axdr::element e;
  if (!c.next(e)) return 0;
  return e.container() ? e.count : 1;
}

void complete(record& r, const layout& from) noexcept {
  if (r.named == naming::none) {
    const auto at = std::ranges::find(from.placed, r.position, &placed_value::position);
    if (at == from.placed.end() || r.part != 0) return;
    r.name = at->name;
    r.named = naming::layout;
    if (r.number && !r.scaled) rescale(r, at->scaler, at->measured);
    return;
  }
  if (r.scaled || !r.number) return;
  for (const auto& group : from.scaled)
    if (r.name.code[2] >= group.c_from && r.name.code[2] <= group.c_to &&
        (group.d == 255 || group.d == r.name.code[3])) {
      rescale(r, group.scaler, group.measured);
      return;
    }
}

}  // namespace smgw::dlms
