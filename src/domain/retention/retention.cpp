// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "domain/retention/retention.hpp"

#include "domain/calendar/periods.hpp"

#include <algorithm>

namespace smgw::retention {

using namespace std::chrono;

namespace {

bool uses(const profile::evaluation& e, const device_id& meter, const obis& register_name) {
  return std::ranges::any_of(e.inputs,
                             [&](const auto& in) { return in.meter == meter && in.register_name == register_name; });
}

/// The first instant that this evaluation still needs.
timestamp needed_from(const standing& s, timestamp now, const calendar::legal_time& zone) {
  if (!s.consumed_until) return timestamp::min();
  const auto& e = *s.what;
  const auto r = rule_of(e);
  // The newest consumed entry stays as well: a list goes on after it when the gateway starts again.
  auto from = std::min(*s.consumed_until, now - orphan_grace);
  if (!r.originals) return from;
  // Derived and switch lists of the open period are formed anew from its first value on.
  const calendar::periods periods{e.billing, e.valid_from, zone};
  from = std::min(from, periods.current(std::min(now, *s.consumed_until)));
  return std::min(from, months_before(now, r.original_months, zone));
}

}  // namespace

rule rule_of(const profile::evaluation& e) noexcept {
  switch (e.taf == 13 ? e.shown : e.taf) {
    case 6:  // keeps its 42 daily values in its own state
    case 9:
    case 10:
    case 14: return {.originals = false, .original_months = months{0}, .row_months = months{0}};
    default: return {};
  }
}

timestamp months_before(timestamp now, months n, const calendar::legal_time& zone) {
  const auto local = zone.to_local(now);
  const auto today = floor<days>(local);
  year_month_day date{today};
  date -= n;
  if (!date.ok()) date = date.year() / date.month() / last;
  return zone.to_utc(floor<seconds>(local_days{date} + (local - today)));
}

timestamp originals_needed_from(const device_id& meter, const obis& register_name,
                                std::span<const standing> evaluations, timestamp now,
                                const calendar::legal_time& zone) {
  auto from = now - orphan_grace;
  for (const auto& s : evaluations)
    if (uses(*s.what, meter, register_name)) from = std::min(from, needed_from(s, now, zone));
  return from;
}

timestamp rows_needed_from(const profile::evaluation& e, timestamp now, const calendar::legal_time& zone) {
  return months_before(now, rule_of(e).row_months, zone);
}

}  // namespace smgw::retention
