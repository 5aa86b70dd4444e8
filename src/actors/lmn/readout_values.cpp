// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "actors/lmn/readout_values.hpp"

#include "protocols/d0/p1.hpp"

#include <algorithm>

namespace smgw::lmn {
namespace {

std::optional<d0::quantity> measured(const d0::value& v) {
  auto q = d0::quantity_of(v);
  return q && q->measured != unit::none ? q : std::nullopt;
}

std::optional<d0::quantity> value_of(d0::data_line line) {
  for (int i = 0; i < 2; ++i) {
    const auto v = line.next();
    if (!v) break;
    if (const auto q = measured(*v)) return q;
  }
  return std::nullopt;
}

}  // namespace

void add_readout_values(std::string_view data, meter_read& read) {
  d0::line_cursor lines{data};
  while (const auto line = lines.next()) {
    if (!*line) continue;
    const auto name = d0::name_of((*line)->code);
    const auto q = name ? value_of(**line) : std::nullopt;
    if (q) read.values.push_back({*name, q->number, q->measured});
  }
  for (const auto& m : d0::sub_meters_of(data).by_channel) {
    const auto q = measured(m.reading);
    const auto has_its_name = [&](const auto& v) { return v.register_name == m.name; };
    if (q && std::ranges::none_of(read.values, has_its_name)) read.values.push_back({m.name, q->number, q->measured});
  }
}

}  // namespace smgw::lmn
