// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

#include "base/time_text.hpp"
#include "domain/profile/evaluation.hpp"
#include "domain/status/status.hpp"
#include "domain/tariff/contract.hpp"

#include <smgw/types.hpp>

#include <algorithm>
#include <functional>
#include <random>
#include <vector>

/// Lists and profiles for the tariff tests.
namespace smgw::lists {

using namespace std::chrono;
using namespace std::chrono_literals;

inline timestamp at(std::string_view text) { return parse_iso8601(text).value(); }
inline const device_id meter_a = device_id::parse("1EMH0010482201").value();
inline const device_id meter_b = device_id::parse("1ISK0070000002").value();
inline const obis import_total = obis::parse("1-0:1.8.0").value();
inline const obis export_total = obis::parse("1-0:2.8.0").value();

inline list_entry entry(timestamp target, std::int64_t value, std::int8_t scaler = 0, const device_id& m = meter_a,
                        const obis& name = import_total) {
  return {.target = target,
          .value = {.meter = m,
                    .register_name = name,
                    .value = {.value = value, .scaler = scaler},
                    .measured = unit::watt_hour,
                    .captured = target + 1s,
                    .status = status::build(status::meter_kind::electricity, 4)},
          .signature = {}};
}
inline list_entry gap(timestamp target, const device_id& m = meter_a, const obis& name = import_total) {
  auto e = entry(target, 0, 0, m, name);
  e.value.captured = target;
  e.value.status = status::build_gap(status::meter_kind::electricity);
  return e;
}

inline profile::evaluation evaluation(unsigned taf, std::string_view from = "2026-01-01T00:00:00+01:00") {
  profile::evaluation p;
  p.id = "contract-" + std::to_string(taf);
  p.taf = taf;
  p.consumer = "consumer-1";
  p.inputs = {{.meter = meter_a, .register_name = import_total}};
  p.register_name = import_total;
  p.valid_from = at(from);
  p.recipients = {{.wan = "supplier", .sending = {}, .suite = {}, .pseudonym = false}};
  return p;
}

/// A list from `from` on, one entry per quarter hour, the level given by index; nullopt: a gap.
using level_of = std::function<std::optional<std::int64_t>(std::size_t)>;
inline std::vector<list_entry> quarter_hours(timestamp from, std::size_t count, const level_of& level,
                                             const device_id& m = meter_a) {
  std::vector<list_entry> out;
  for (std::size_t i = 0; i < count; ++i) {
    const auto target = from + static_cast<std::int64_t>(i) * 900s;
    const auto v = level(i);
    out.push_back(v ? entry(target, *v, 0, m) : gap(target, m));
  }
  return out;
}

/// Feeds a list and gathers the results; the last cursor, if one was emitted, goes into `last`.
inline std::vector<tariff::result> feed(tariff::contract& c, const std::vector<list_entry>& list,
                                        std::optional<tariff::cursor>* last = nullptr) {
  std::vector<tariff::result> out;
  for (const auto& e : list) {
    auto s = c.consume(e).value();
    std::ranges::move(s.results, std::back_inserter(out));
    if (s.advanced && last != nullptr) *last = s.advanced;
  }
  return out;
}

}  // namespace smgw::lists
