// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

#include <smgw/types.hpp>

namespace smgw::sim {

/// A plausible household: a base load, a morning and an evening peak, and appliances that come and go, seeded.
/// The same seed gives the same household for ever; energy is the exact integral of power. One object serves one
/// thread.
class household {
 public:
  explicit household(std::uint64_t seed, std::uint32_t yearly_kwh = 3500);

  /// Mean power of the minute that `t` lies in, in watts.
  [[nodiscard]] std::uint32_t power(timestamp t) const;
  /// Register level at `t` in units of 0.1 Wh, counted from `epoch`.
  [[nodiscard]] std::int64_t energy(timestamp t) const;
  /// Where the register stood at zero: the first of January of the year before 2026.
  static constexpr timestamp epoch{std::chrono::sys_days{std::chrono::year{2025} / 1 / 1}};

 private:
  [[nodiscard]] std::int64_t day_energy(std::int64_t day) const;
  [[nodiscard]] std::uint32_t minute_power(std::int64_t minute) const;
  std::uint64_t seed_;
  std::uint32_t yearly_kwh_;
  mutable std::int64_t summed_days_ = 0;  ///< whole days already added up, in tenths_
  mutable std::int64_t tenths_ = 0;
};

}  // namespace smgw::sim
