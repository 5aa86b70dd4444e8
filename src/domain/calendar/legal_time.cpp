// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "domain/calendar/legal_time.hpp"

#include <exception>
#include <string>

namespace smgw::calendar {

using namespace std::chrono;

expected<legal_time> legal_time::load(std::string_view zone) {
  try {
    return legal_time{locate_zone(zone)};
  } catch (const std::exception&) {  // locate_zone and the first use of the database throw runtime_error
    return fail(errc::unavailable, "no time zone '" + std::string(zone.substr(0, 64)) + "' in the tz database");
  }
}

local_time<milliseconds> legal_time::to_local(timestamp t) const {
  const auto instant = floor<seconds>(t);
  // One look into the database per change of offset: half a year of values shares one.
  if (instant < cached_.begin || instant >= cached_.end) cached_ = zone_->get_info(instant);
  return local_time<milliseconds>{t.time_since_epoch() + cached_.offset};
}

timestamp legal_time::to_utc(local_seconds t) const {
  const auto info = zone_->get_info(t);
  // A time that does not exist: the instant at which the clock jumps over it.
  if (info.result == local_info::nonexistent) return info.first.end;
  return sys_seconds{t.time_since_epoch() - info.first.offset};
}

timestamp legal_time::change_after(timestamp t) const {
  (void)to_local(t);
  const auto end = cached_.end;
  return end > floor<seconds>(timestamp::max()) ? timestamp::max() : timestamp{end};
}

local_days legal_time::day_of(timestamp t) const { return floor<days>(to_local(t)); }
timestamp legal_time::start_of(local_days day) const { return to_utc(day); }
timestamp legal_time::next_midnight(timestamp t) const { return start_of(day_of(t) + days{1}); }

}  // namespace smgw::calendar
