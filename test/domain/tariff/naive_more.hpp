// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

#include "domain/tariff/naive.hpp"

/// The naive reference of the use cases that naive.hpp does not have: keeps everything, decides by looking at all of
/// it.
namespace smgw::naive {

inline bool counts(const list_entry& e) {
  return (e.value.status.smgw & (1U << 13 | 1U << 8)) == 0 && (e.value.status.meter & 1U << 17) == 0;
}
inline bool has_value(const list_entry& e) { return (e.value.status.smgw & 1U << 13) == 0; }

/// Two values that count, one after the other, and the energy between them; a meter that began anew gives none.
struct pair {
  list_entry from, to;
  std::int64_t energy = 0;
};
inline std::vector<pair> pairs(const std::vector<list_entry>& list) {
  std::vector<pair> all;
  std::optional<list_entry> base;
  for (const auto& e : list) {
    if (!counts(e)) continue;
    if (base && e.value.value.value >= base->value.value.value)
      all.push_back({*base, e, e.value.value.value - base->value.value.value});
    base = e;
  }
  return all;
}

// --- TAF 5

struct word {
  timestamp at;
  unsigned stage;
};
/// Registers at the end of each month, as registers of naive.hpp.
inline registers event_tariff(const std::vector<list_entry>& list, const std::vector<word>& words, bool at_once,
                              unsigned initial) {
  const auto effective = [&](timestamp t) {
    const auto q = floor<seconds>(t).time_since_epoch() / 900s;
    const bool exact = t == timestamp{q * 900s};
    return timestamp{(at_once || exact ? q : q + 1) * 900s};
  };
  std::map<timestamp, unsigned> by_time;
  for (const auto& w : words) by_time[effective(w.at)] = w.stage;
  const auto stage_at_instant = [&](timestamp t) {
    auto stage = initial;
    for (const auto& [from, s] : by_time)
      if (from <= t) stage = s;
    return stage;
  };
  registers out;
  std::map<unsigned, std::int64_t> now{{0, 0}, {1, 0}, {2, 0}, {63, 0}};
  auto todo = pairs(list);
  std::size_t next = 0;
  for (const auto& e : list) {
    for (; next < todo.size() && todo[next].to.target <= e.target; ++next) {
      const auto& p = todo[next];
      auto stage = stage_at_instant(p.from.target);
      for (const auto& [from, s] : by_time)
        if (from > p.from.target && from < p.to.target && s != stage) stage = 63;
      now[0] += p.energy;
      now[stage] += p.energy;
    }
    if (month_end(e.target) == e.target) out[e.target] = now;
  }
  return out;
}

// --- TAF 8

struct power {
  std::int64_t watts;
  timestamp end;
  friend bool operator==(const power&, const power&) = default;
};
/// The n smallest and m largest of each month.
inline std::map<timestamp, std::pair<std::vector<power>, std::vector<power>>> extremes(
    const std::vector<list_entry>& list, std::size_t n, std::size_t m) {
  std::map<timestamp, std::vector<power>> months;
  for (const auto& p : pairs(list))
    if (p.to.target - p.from.target == 15min) months[month_end(p.to.target)].push_back({4 * p.energy, p.to.target});
  std::map<timestamp, std::pair<std::vector<power>, std::vector<power>>> out;
  for (auto& [month, all] : months) {
    if (month > list.back().target) continue;
    auto up = all;
    std::ranges::stable_sort(up, {}, &power::watts);
    auto down = all;
    std::ranges::stable_sort(down, std::greater{}, &power::watts);
    up.resize(std::min(n, up.size()));
    down.resize(std::min(m, down.size()));
    out[month] = {up, down};
  }
  return out;
}

// --- TAF 9, 10, 14

/// Targets of the values that cross the limits.
inline std::vector<timestamp> crossings(const std::vector<list_entry>& list, std::int64_t above, std::int64_t below) {
  std::vector<timestamp> out;
  bool beyond = false;
  for (const auto& e : list) {
    if (!has_value(e)) continue;
    const auto v = e.value.value.value;
    const bool now = v > above || v < below;
    if (now && !beyond) out.push_back(e.target);
    beyond = now;
  }
  return out;
}

// --- TAF 12

inline std::vector<std::pair<timestamp, std::string>> prepaid(const std::vector<list_entry>& list,
                                                              std::int64_t available, std::int64_t warn_below,
                                                              std::int64_t tolerance) {
  std::vector<std::pair<timestamp, std::string>> out;
  auto left = available;
  bool warned = false, exhausted = false, open = false;
  for (const auto& p : pairs(list)) {
    left -= p.energy;
    if (left < warn_below && !std::exchange(warned, warned || left < warn_below))
      out.emplace_back(p.to.target, "warning");
    if (left <= 0 && !exhausted) {
      if (!warned) out.emplace_back(p.to.target, "warning");
      warned = exhausted = true;
      out.emplace_back(p.to.target, "exhausted");
    }
    if (left < -tolerance && !open) {
      open = true;
      out.emplace_back(p.to.target, "open_breaker");
    }
  }
  return out;
}

}  // namespace smgw::naive
