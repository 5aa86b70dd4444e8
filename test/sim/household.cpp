// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "household.hpp"

#include <array>

namespace smgw::sim {
namespace {

/// Share of the day's energy in each hour, in thousandths: quiet night, breakfast, midday, evening.
constexpr std::array<std::uint32_t, 24> shape{22, 18, 16, 15, 16, 21, 38, 58, 55, 42, 38, 42,
                                              50, 46, 38, 36, 42, 58, 76, 82, 74, 58, 38, 21};

constexpr std::uint64_t mix(std::uint64_t x) {
  x = (x ^ (x >> 30U)) * 0xBF58476D1CE4E5B9ULL;
  x = (x ^ (x >> 27U)) * 0x94D049BB133111EBULL;
  return x ^ (x >> 31U);
}

std::int64_t minutes_since_epoch(timestamp t) {
  return std::chrono::floor<std::chrono::minutes>(t - household::epoch).count();
}

}  // namespace

household::household(std::uint64_t seed, std::uint32_t yearly_kwh) : seed_(mix(seed + 1)), yearly_kwh_(yearly_kwh) {}

std::uint32_t household::minute_power(std::int64_t minute) const {
  const auto m = static_cast<std::uint64_t>(minute);
  const auto hour = static_cast<std::size_t>(m / 60 % 24);
  const auto next = (hour + 1) % 24;
  const auto share = shape[hour] * (60 - m % 60) + shape[next] * (m % 60);  // thousandths · 60
  const auto mean = std::uint64_t{yearly_kwh_} * 1000 / 365 * share / 60'000;
  // each ten minutes an appliance may run; noise of a fifth on top
  const auto draw = mix(seed_ ^ (m / 10));
  const auto appliance = draw % 100 < shape[hour] / 6 ? 600 + draw / 100 % 1400 : 0;
  const auto noise = mix(seed_ + m) % 40;
  return static_cast<std::uint32_t>(mean * (80 + noise) / 100 + appliance / 2);
}

std::uint32_t household::power(timestamp t) const { return minute_power(minutes_since_epoch(t)); }

std::int64_t household::day_energy(std::int64_t day) const {
  std::int64_t watt_minutes = 0;
  for (std::int64_t m = day * 1440; m < (day + 1) * 1440; ++m) watt_minutes += minute_power(m);
  return watt_minutes / 6;  // 0.1 Wh
}

std::int64_t household::energy(timestamp t) const {
  const auto minute = minutes_since_epoch(t);
  const auto day = minute / 1440;
  if (day < summed_days_) summed_days_ = tenths_ = 0;
  for (; summed_days_ < day; ++summed_days_) tenths_ += day_energy(summed_days_);
  std::int64_t watt_milliseconds = 0;
  for (auto m = day * 1440; m < minute; ++m) watt_milliseconds += std::int64_t{60'000} * minute_power(m);
  const auto rest = (t - epoch).count() - minute * 60'000;
  watt_milliseconds += rest * minute_power(minute);
  return tenths_ + watt_milliseconds / 360'000;
}

}  // namespace smgw::sim
