// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "domain/calendar/periods.hpp"

#include "base/check.hpp"

namespace smgw::calendar {

using namespace std::chrono;

bool span::valid() const noexcept {
  return (months != 0) + (days != 0) + (seconds.count() != 0) == 1 && seconds.count() >= 0;
}

periods::periods(span length, timestamp anchor, legal_time zone) : length_(length), anchor_{}, zone_(zone) {
  SMGW_ASSERT(length.valid());
  anchor_ = year_month_day{zone_.day_of(anchor)};
}

timestamp periods::boundary(std::int64_t k) const {
  if (length_.seconds.count() != 0) return timestamp{k * length_.seconds};
  const auto n = static_cast<int>(k);
  if (length_.days != 0)
    return zone_.start_of(local_days{anchor_} + std::chrono::days{n * static_cast<int>(length_.days)});
  const auto month = anchor_.year() / anchor_.month() + std::chrono::months{n * static_cast<int>(length_.months)};
  const auto last = (month / std::chrono::last).day();
  return zone_.start_of(local_days{month / (anchor_.day() < last ? anchor_.day() : last)});
}

std::int64_t periods::index(timestamp t) const {
  if (length_.seconds.count() != 0) {
    const auto since = floor<seconds>(t).time_since_epoch();
    const auto k = since / length_.seconds;
    return since.count() < 0 && since % length_.seconds != seconds{0} ? k - 1 : k;
  }
  // An estimate by days or months, then the exact boundaries decide.
  std::int64_t k = 0;
  const auto day = zone_.day_of(t);
  if (length_.days != 0) {
    k = (day - local_days{anchor_}).count() / static_cast<std::int64_t>(length_.days);
  } else {
    const year_month_day ymd{day};
    const auto between = ymd.year() / ymd.month() - anchor_.year() / anchor_.month();
    k = between.count() / static_cast<std::int64_t>(length_.months);
  }
  while (boundary(k) > t) --k;
  while (boundary(k + 1) <= t) ++k;
  return k;
}

timestamp periods::next(timestamp t) const { return boundary(index(t) + 1); }
timestamp periods::current(timestamp t) const { return boundary(index(t)); }

}  // namespace smgw::calendar
