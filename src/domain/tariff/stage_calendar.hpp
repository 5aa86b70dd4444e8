// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

#include "domain/calendar/legal_time.hpp"
#include "domain/profile/tariff_extras.hpp"

namespace smgw::tariff {

/// Which stage is active when, in local legal time (TAF 2).
class stage_calendar {
 public:
  stage_calendar(profile::switching_calendar rules, unsigned initial_stage, calendar::legal_time zone);
  /// The stage at this instant. An hour that exists twice is switched twice alike, an hour that is left out not at all.
  [[nodiscard]] unsigned at(timestamp t) const;
  /// The stage of the whole of [from, to), or nothing when it changes in between.
  [[nodiscard]] std::optional<unsigned> during(timestamp from, timestamp to) const;

 private:
  [[nodiscard]] const profile::day_profile* day(std::chrono::local_days d) const;
  /// The first switching instant after `t` (a midnight counts as one).
  [[nodiscard]] timestamp next_switch(timestamp t) const;
  profile::switching_calendar rules_;
  unsigned initial_;
  calendar::legal_time zone_;
};

}  // namespace smgw::tariff
