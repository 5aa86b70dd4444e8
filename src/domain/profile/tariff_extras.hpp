// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

#include <smgw/types.hpp>

#include <array>
#include <chrono>
#include <optional>
#include <string>
#include <vector>

/// What single tariff use cases need beyond the common fields.
namespace smgw::profile {

inline constexpr unsigned error_stage = 63;    ///< OBIS E of the error register (TAF 2; overview 6.2)
inline constexpr std::size_t max_stages = 16;  ///< ours
inline constexpr std::size_t max_rules = 512;  ///< switches, special days, events, quotas (ours)

struct tariff_stage {
  unsigned number = 0;  ///< OBIS E of its register, 1..62
  std::string description;
  friend bool operator==(const tariff_stage&, const tariff_stage&) = default;
};

/// From a local time of day on, a stage is active.
struct stage_switch {
  std::chrono::seconds at{0};  ///< since local midnight; a multiple of the registration period
  unsigned stage = 0;
  friend bool operator==(const stage_switch&, const stage_switch&) = default;
};
struct day_profile {
  std::string id;
  std::vector<stage_switch> switches;  ///< the first one at 00:00, ascending
  friend bool operator==(const day_profile&, const day_profile&) = default;
};
struct week_profile {
  std::string id;
  std::array<std::string, 7> days;  ///< ids of day profiles, Monday first
  friend bool operator==(const week_profile&, const week_profile&) = default;
};
struct season {
  std::chrono::month_day start;  ///< the season lasts until the next one starts
  std::string week;
  friend bool operator==(const season&, const season&) = default;
};
struct special_day {
  std::optional<std::chrono::year> year;  ///< absent: every year
  std::chrono::month_day day;
  std::string day_profile;
  friend bool operator==(const special_day&, const special_day&) = default;
};
/// Switching times by day, week, season and special day, in local legal time.
struct switching_calendar {
  std::vector<day_profile> days;
  std::vector<week_profile> weeks;
  std::vector<season> seasons;
  std::vector<special_day> special_days;
  friend bool operator==(const switching_calendar&, const switching_calendar&) = default;
};

/// TAF 3: the stage of mean powers above this limit (in the input's unit per hour, for Wh: W).
struct load_step {
  decimal above;
  unsigned stage = 0;
  friend bool operator==(const load_step&, const load_step&) = default;
};
/// TAF 4: so much energy of a billing period belongs to this stage; the last stage has no quota.
struct stage_quota {
  unsigned stage = 0;
  std::optional<decimal> amount;
  friend bool operator==(const stage_quota&, const stage_quota&) = default;
};
/// TAF 5: this event makes this stage active.
struct stage_event {
  std::string event;
  unsigned stage = 0;
  friend bool operator==(const stage_event&, const stage_event&) = default;
};
/// TAF 8: how many of the smallest and largest mean powers are kept.
struct extremes {
  unsigned minima = 0;
  unsigned maxima = 0;
  friend bool operator==(const extremes&, const extremes&) = default;
};
/// TAF 9, 10: a value beyond a limit is sent at once (SMGW_ValueTriggered).
struct threshold_trigger {
  obis register_name;
  std::optional<decimal> above;
  std::optional<decimal> below;
  friend bool operator==(const threshold_trigger&, const threshold_trigger&) = default;
};
/// TAF 12: energy paid in advance.
struct prepayment {
  decimal available;    ///< at the start of validity
  decimal warn_below;   ///< remaining energy that warns consumer and supplier
  decimal tolerance;    ///< so far beyond zero before the breaker opens
  std::string breaker;  ///< id of the controllable system
  friend bool operator==(const prepayment&, const prepayment&) = default;
};

}  // namespace smgw::profile
