// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "domain/state/machine.hpp"

#include <algorithm>

namespace smgw::state {
namespace {

struct row {
  condition id;
  std::string_view text;
  operating leads_to;
  bool latched;
};
// In the order of the enumeration.
constexpr std::array<row, condition_count> rows{{
    {condition::time_invalid, "the time is not valid", operating::measurement, false},
    {condition::clock_deviation, "the clock deviates by more than the limit", operating::application, false},
    {condition::value_storage, "measured values fill more than allowed", operating::application, false},
    {condition::separation_lost, "WAN and HAN are not separated", operating::connectivity, false},
    // Values go on, and wait for their signature; nobody but the administrator could be told anything anyway (ours).
    {condition::module_lost, "the security module does not answer", operating::connectivity, false},
    {condition::log_storage, "the calibration log is full", operating::boot, true},
    {condition::image_corrupt, "kernel or root file system is corrupt", operating::boot, true},
    {condition::version_unexpected, "another firmware runs than the one activated", operating::boot, true},
    {condition::partition_faulty, "the inactive update partition is faulty", operating::boot, true},
    {condition::integrity_lost, "a self-test found stored data or cryptography wrong", operating::boot, true},
    {condition::boot_check_failed, "the checks at boot fail", operating::rebooting, true},
}};
static_assert(std::ranges::is_sorted(rows, {}, &row::id));

constexpr const row& of(condition c) noexcept { return rows[static_cast<std::size_t>(c)]; }

}  // namespace

std::string_view to_string(operating s) noexcept {
  switch (s) {
    case operating::normal: return "normal";
    case operating::measurement: return "secure state measurement";
    case operating::application: return "secure state application";
    case operating::connectivity: return "secure state connectivity";
    case operating::boot: return "secure state boot";
    case operating::rebooting: return "rebooting";
  }
  return "unknown";
}

std::string_view to_string(condition c) noexcept { return of(c).text; }
operating leads_to(condition c) noexcept { return of(c).leads_to; }
bool is_latched(condition c) noexcept { return of(c).latched; }

permissions allowed_in(operating s) noexcept {
  switch (s) {
    case operating::normal:
    case operating::measurement: return {};
    case operating::connectivity:
      return {.measure = true, .deliver = false, .home = false, .proxy = false, .administer = true};
    case operating::application:
    case operating::boot:
      return {.measure = false, .deliver = false, .home = false, .proxy = false, .administer = true};
    case operating::rebooting: break;
  }
  return {.measure = false, .deliver = false, .home = false, .proxy = false, .administer = false};
}

std::optional<transition> machine::settle(std::optional<condition> cause, timestamp now) {
  auto worst = operating::normal;
  for (const auto& r : rows) {
    const auto since = since_[static_cast<std::size_t>(r.id)];
    if (!since) continue;
    if (r.id == condition::partition_faulty && now < *since + partition_tolerance) continue;
    worst = std::max(worst, r.leads_to);
  }
  if (worst == state_) return std::nullopt;
  return transition{.from = std::exchange(state_, worst), .to = worst, .cause = cause, .at = now};
}

std::optional<transition> machine::raise(condition c, timestamp now) {
  auto& since = since_[static_cast<std::size_t>(c)];
  if (!since) since = now;
  return settle(c, now);
}

std::optional<transition> machine::clear(condition c, timestamp now) {
  // A faulty partition that was written anew in time was never a reason to stop.
  const bool tolerated =
      c == condition::partition_faulty && holds(c) && now < *since_[static_cast<std::size_t>(c)] + partition_tolerance;
  if (is_latched(c) && !tolerated) return settle(std::nullopt, now);
  since_[static_cast<std::size_t>(c)].reset();
  return settle(c, now);
}

std::optional<transition> machine::tick(timestamp now) {
  const auto due = next_deadline();
  return settle(due && *due <= now ? std::optional{condition::partition_faulty} : std::nullopt, now);
}

std::optional<timestamp> machine::next_deadline() const noexcept {
  const auto since = since_[static_cast<std::size_t>(condition::partition_faulty)];
  if (!since || state_ >= operating::boot) return std::nullopt;
  return *since + partition_tolerance;
}

std::vector<condition> machine::holding() const {
  std::vector<condition> all;
  for (const auto& r : rows)
    if (holds(r.id)) all.push_back(r.id);
  return all;
}

status::gateway_state machine::marks() const noexcept {
  return {.not_validated = false,
          .error = state_ >= operating::boot,
          .time_not_valid = holds(condition::time_invalid) || holds(condition::clock_deviation),
          .warning = state_ == operating::application || state_ == operating::connectivity};
}

}  // namespace smgw::state
