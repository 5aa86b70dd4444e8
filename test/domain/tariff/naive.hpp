// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

#include "domain/lists.hpp"

#include <map>

/// A second, deliberately simple implementation: keeps everything, looks at single quarter hours, uses no code of the
/// engines. Values are whole numbers in Wh.
namespace smgw::naive {

using namespace smgw::lists;

/// Monday to Friday 6 to 22 o'clock stage 1, else stage 2; 25 December is a Sunday of sorts.
inline profile::switching_calendar two_stages() {
  profile::switching_calendar c;
  c.days = {{.id = "work", .switches = {{.at = 0h, .stage = 2}, {.at = 6h, .stage = 1}, {.at = 22h, .stage = 2}}},
            {.id = "free", .switches = {{.at = 0h, .stage = 2}}}};
  c.weeks = {{.id = "all", .days = {"work", "work", "work", "work", "work", "free", "free"}}};
  c.seasons = {{.start = January / 1, .week = "all"}};
  c.special_days = {{.year = {}, .day = December / 25, .day_profile = "free"}};
  return c;
}
inline unsigned stage_at(timestamp t) {
  const zoned_time local{"Europe/Berlin", floor<seconds>(t)};
  const auto today = floor<days>(local.get_local_time());
  const auto day = weekday{today}.iso_encoding();
  const year_month_day date{today};
  const auto hour = floor<hours>(local.get_local_time() - today).count();
  if (date.month() == December && date.day() == std::chrono::day{25}) return 2;
  return day <= 5 && hour >= 6 && hour < 22 ? 1 : 2;
}

inline timestamp month_end(timestamp t) {  // the first local month boundary at or after t
  const zoned_time local{"Europe/Berlin", floor<seconds>(t)};
  const year_month_day date{floor<days>(local.get_local_time())};
  const auto first = date.year() / date.month() / 1;
  const auto at_first = zoned_time{"Europe/Berlin", local_seconds{local_days{first}}}.get_sys_time();
  if (timestamp{at_first} == t) return t;
  const year_month_day next = (date.year() / date.month() + months{1}) / 1;
  return zoned_time{"Europe/Berlin", local_seconds{local_days{next}}}.get_sys_time();
}

/// Registers of each month by group E: level of each register at the end of the month.
using registers = std::map<timestamp, std::map<unsigned, std::int64_t>>;

struct quantities {
  registers levels;
  std::int64_t measured = 0;  ///< Σ of all deltas between values that count
};

inline quantities evaluate(unsigned taf, const std::vector<list_entry>& list, std::int64_t limit) {
  quantities q;
  std::map<unsigned, std::int64_t> now;
  if (taf != 1)
    for (const unsigned e : {0U, 1U, 2U, 63U}) now[e] = 0;
  std::optional<list_entry> base;
  std::int64_t used = 0;
  std::optional<timestamp> used_month;
  for (const auto& e : list) {
    const auto month = month_end(e.target);
    if (used_month != month) used = 0;
    used_month = month;
    const bool counts = (e.value.status.smgw & (1U << 13 | 1U << 8)) == 0 && (e.value.status.meter & 1U << 17) == 0;
    const auto level = e.value.value.value;
    if (counts && !base && taf == 1) now[0] = level;
    if (counts && base && level >= base->value.value.value) {
      const auto energy = level - base->value.value.value;
      const bool gap = e.target - base->target > 15min;
      q.measured += energy;
      now[0] += energy;
      unsigned stage = 63;
      if (taf == 2) {
        stage = stage_at(base->target);
        for (auto t = base->target; t < e.target; t += 15min)
          if (stage_at(t) != stage) {
            stage = 63;
            break;
          }
      }
      if (taf == 3) stage = gap ? 63 : 4 * energy > limit ? 1 : 2;
      if (taf == 4 && month_end(base->target + 1s) == month) {
        // watt hour by watt hour
        for (std::int64_t wh = 0; wh < energy; ++wh) ++now[used++ < limit ? 2 : 1];
      } else if (taf != 1) {
        now[stage] += energy;
      }
    }
    if (counts) base = e;
    if (month == e.target) q.levels[month] = now;
  }
  return q;
}

/// Random life of a meter: consumption, gaps short and long, resets, faults, doubtful times.
inline std::vector<list_entry> random_list(std::mt19937& random, timestamp from, std::size_t count) {
  std::vector<list_entry> list;
  auto level = static_cast<std::int64_t>(random() % 100'000U);
  std::size_t silent = 0;
  for (std::size_t i = 0; i < count; ++i) {
    const auto target = from + static_cast<std::int64_t>(i) * 900s;
    level += static_cast<std::int64_t>(random() % 3 == 0 ? random() % 1500U : random() % 50U);
    if (random() % 2000U == 0) level = static_cast<std::int64_t>(random() % 10U);
    if (silent == 0 && random() % 60U == 0) silent = random() % 4U == 0 ? random() % 300U : random() % 6U;
    auto e = silent > 0 ? gap(target) : entry(target, level);
    if (silent > 0)
      --silent;
    else if (random() % 200U == 0)
      e.value.status = status::build(status::meter_kind::electricity, 4 | 1U << 17);
    else if (random() % 200U == 0)
      e.value.status.smgw |= status::time_not_valid;
    else if (random() % 400U == 0)
      e.value.status.smgw |= status::gateway_error;
    list.push_back(std::move(e));
  }
  return list;
}

inline profile::evaluation staged(unsigned taf, timestamp from, std::int64_t limit) {
  auto p = evaluation(taf);
  p.valid_from = from;
  p.stages = {{.number = 1, .description = "high"}, {.number = 2, .description = "low"}};
  p.initial_stage = 2;
  p.switching = two_stages();
  p.load_steps = {{.above = {.value = limit, .scaler = 0}, .stage = 1}};
  p.quotas = {{.stage = 2, .amount = decimal{.value = limit, .scaler = 0}}, {.stage = 1, .amount = {}}};
  p.extreme = {.minima = 2, .maxima = 5};
  return p;
}

}  // namespace smgw::naive
