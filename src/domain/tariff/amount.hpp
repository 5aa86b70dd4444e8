// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

#include <smgw/types.hpp>

#include <compare>

namespace smgw::tariff {

__extension__ using int128 = __int128;

/// Readings with other scalers are no readings of a meter: 10^±9 spans nanowatt hours to gigawatt hours.
inline constexpr int max_scaler = 9;

/// An exact sum of decimals: value · 10^scaler in 128 bits, every operation checked. Never floating point.
class amount {
 public:
  constexpr amount() = default;
  /// unsupported: a scaler beyond ±max_scaler.
  [[nodiscard]] static expected<amount> from(const decimal& d);
  [[nodiscard]] static amount raw(int128 value, std::int8_t scaler) { return {value, scaler}; }

  /// internal: the result has more than 127 bits.
  [[nodiscard]] expected<amount> plus(const amount& other) const;
  [[nodiscard]] expected<amount> minus(const amount& other) const;
  [[nodiscard]] expected<amount> times(std::int64_t factor) const;
  [[nodiscard]] amount negated() const { return {-value_, scaler_}; }
  /// internal: does not fit 64 bits, not even without trailing zeros.
  [[nodiscard]] expected<decimal> to_decimal() const;

  [[nodiscard]] int128 value() const noexcept { return value_; }
  [[nodiscard]] std::int8_t scaler() const noexcept { return scaler_; }
  [[nodiscard]] bool negative() const noexcept { return value_ < 0; }
  [[nodiscard]] bool zero() const noexcept { return value_ == 0; }
  /// Compares what is meant: 10·10^-1 equals 1·10^0.
  friend std::strong_ordering operator<=>(const amount& a, const amount& b);
  friend bool operator==(const amount& a, const amount& b) { return (a <=> b) == 0; }

 private:
  constexpr amount(int128 value, std::int8_t scaler) : value_(value), scaler_(scaler) {}
  int128 value_ = 0;
  std::int8_t scaler_ = max_scaler;  ///< a sum takes the finest scaler of its terms
};

}  // namespace smgw::tariff
