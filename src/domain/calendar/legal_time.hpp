// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

#include <smgw/types.hpp>

#include <chrono>
#include <string_view>

namespace smgw::calendar {

/// Legal time of a zone by the system's tz database: where days, months and switching times begin.
/// Days have 23, 24 or 25 hours (92, 96 or 100 quarter hours). Copy it freely; one object serves one thread (it caches
/// the offset it used last).
class legal_time {
 public:
  /// unavailable: the tz database or the zone is missing.
  [[nodiscard]] static expected<legal_time> load(std::string_view zone = "Europe/Berlin");

  [[nodiscard]] std::chrono::local_time<std::chrono::milliseconds> to_local(timestamp t) const;
  /// An hour that exists twice means its first run; a time that does not exist means the instant of the change.
  [[nodiscard]] timestamp to_utc(std::chrono::local_seconds t) const;
  [[nodiscard]] std::chrono::local_days day_of(timestamp t) const;
  /// The first instant of a local day.
  [[nodiscard]] timestamp start_of(std::chrono::local_days day) const;
  /// The first instant of the local day after the one `t` is in.
  [[nodiscard]] timestamp next_midnight(timestamp t) const;
  /// The next change of the offset to UTC after `t`; timestamp::max() where none is known.
  [[nodiscard]] timestamp change_after(timestamp t) const;

 private:
  explicit legal_time(const std::chrono::time_zone* zone) : zone_(zone) {}
  const std::chrono::time_zone* zone_;
  mutable std::chrono::sys_info cached_{};
};

}  // namespace smgw::calendar
