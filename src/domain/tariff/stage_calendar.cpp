// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "domain/tariff/stage_calendar.hpp"

#include <algorithm>

namespace smgw::tariff {

using namespace std::chrono;

stage_calendar::stage_calendar(profile::switching_calendar rules, unsigned initial_stage, calendar::legal_time zone)
    : rules_(std::move(rules)), initial_(initial_stage), zone_(zone) {
  std::ranges::sort(rules_.seasons, {}, &profile::season::start);
}

const profile::day_profile* stage_calendar::day(local_days d) const {
  const year_month_day ymd{d};
  const month_day md{ymd.month(), ymd.day()};
  const auto find_day = [&](const std::string& id) -> const profile::day_profile* {
    const auto found = std::ranges::find(rules_.days, id, &profile::day_profile::id);
    return found == rules_.days.end() ? nullptr : &*found;
  };
  // A day of one year goes before the same day of every year, and both before seasons.
  const profile::special_day* special = nullptr;
  for (const auto& s : rules_.special_days)
    if (s.day == md && (!s.year || *s.year == ymd.year()) && (special == nullptr || s.year)) special = &s;
  if (special != nullptr) return find_day(special->day_profile);
  if (rules_.seasons.empty()) return nullptr;
  // The last season that began, this year or, before the first start, the year before.
  const auto* season = &rules_.seasons.back();
  for (const auto& s : rules_.seasons)
    if (s.start <= md) season = &s;
  const auto week = std::ranges::find(rules_.weeks, season->week, &profile::week_profile::id);
  if (week == rules_.weeks.end()) return nullptr;
  return find_day(week->days[weekday{d}.iso_encoding() - 1]);
}

unsigned stage_calendar::at(timestamp t) const {
  const auto local = zone_.to_local(t);
  const auto today = floor<days>(local);
  const auto* profile = day(today);
  auto stage = initial_;
  if (profile != nullptr)
    for (const auto& s : profile->switches)
      if (s.at <= local - today) stage = s.stage;
  return stage;
}

timestamp stage_calendar::next_switch(timestamp t) const {
  const auto today = zone_.day_of(t);
  // A midnight, and a change of the clock: after both the rules are looked up anew.
  auto first = std::min(zone_.start_of(today + days{1}), std::max(zone_.change_after(t), t + milliseconds{1}));
  const auto* profile = day(today);
  if (profile == nullptr) return first;
  for (const auto& s : profile->switches) {
    const auto once = zone_.to_utc(today + s.at);
    if (once > t) first = std::min(first, once);
    // In the hour that runs twice its switches come twice.
    const auto again = once + hours{1};
    if (again > t && zone_.to_local(again) == today + s.at) first = std::min(first, again);
  }
  return first;
}

std::optional<unsigned> stage_calendar::during(timestamp from, timestamp to) const {
  const auto stage = at(from);
  // A gap of more than a year is not searched through: whatever the rules, its stage is not known.
  if (to - from > days{366}) return std::nullopt;
  for (auto t = next_switch(from); t < to; t = next_switch(t))
    if (at(t) != stage) return std::nullopt;
  return stage;
}

}  // namespace smgw::tariff
