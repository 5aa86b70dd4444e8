// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "domain/tariff/amount.hpp"

#include "base/check.hpp"

#include <algorithm>
#include <limits>

namespace smgw::tariff {
namespace {

__extension__ using uint128 = unsigned __int128;
constexpr int128 limit = static_cast<int128>(~uint128{0} >> 1U);  // symmetric: -limit … limit

/// The product of two numbers known to fit; unsigned, because clang's checked form needs a library of its own.
int128 product(int128 a, int128 b) { return static_cast<int128>(static_cast<uint128>(a) * static_cast<uint128>(b)); }

std::unexpected<error> overflow() { return fail(errc::internal, "a register overflows 127 bits"); }

/// value · 10^places; refuses what leaves ±limit.
expected<int128> shifted(int128 value, int places) {
  for (; places > 0 && value != 0; --places) {
    if (value > limit / 10 || value < -(limit / 10)) return overflow();
    value = product(value, 10);
  }
  return value;
}

}  // namespace

expected<amount> amount::from(const decimal& d) {
  if (d.scaler > max_scaler || d.scaler < -max_scaler)
    return fail(errc::unsupported, "a scaler beyond what meters use: " + std::to_string(d.scaler));
  return amount{d.value, d.scaler};
}

expected<amount> amount::plus(const amount& other) const {
  const auto finest = std::min(scaler_, other.scaler_);
  SMGW_TRY(const auto a, shifted(value_, scaler_ - finest));
  SMGW_TRY(const auto b, shifted(other.value_, other.scaler_ - finest));
  if ((b > 0 && a > limit - b) || (b < 0 && a < -limit - b)) return overflow();
  return amount{a + b, finest};
}

expected<amount> amount::minus(const amount& other) const { return plus(other.negated()); }

expected<amount> amount::times(std::int64_t factor) const {
  if (factor == 0) return amount{0, scaler_};
  const int128 f = factor;
  const int128 bound = limit / (f < 0 ? -f : f);
  if (value_ > bound || value_ < -bound) return overflow();
  return amount{product(value_, f), scaler_};
}

expected<decimal> amount::to_decimal() const {
  auto value = value_;
  int scaler = value == 0 ? std::min<int>(scaler_, 0) : scaler_;
  constexpr int128 widest = std::numeric_limits<std::int64_t>::max();
  while ((value > widest || value < -widest) && value % 10 == 0) {
    value /= 10;
    ++scaler;
  }
  if (value > widest || value < -widest || scaler > 127) return overflow();
  return decimal{static_cast<std::int64_t>(value), static_cast<std::int8_t>(scaler)};
}

std::strong_ordering operator<=>(const amount& a, const amount& b) {
  const auto finest = std::min(a.scaler_, b.scaler_);
  const auto x = shifted(a.value_, a.scaler_ - finest);
  const auto y = shifted(b.value_, b.scaler_ - finest);
  // Only one side is ever shifted; where that overflows, its sign decides.
  if (!x) return a.negative() ? std::strong_ordering::less : std::strong_ordering::greater;
  if (!y) return b.negative() ? std::strong_ordering::greater : std::strong_ordering::less;
  return *x < *y ? std::strong_ordering::less : *x > *y ? std::strong_ordering::greater : std::strong_ordering::equal;
}

}  // namespace smgw::tariff
