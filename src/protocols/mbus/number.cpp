// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#include "protocols/mbus/number.hpp"

#include <algorithm>
#include <limits>

namespace smgw::mbus {
namespace {

constexpr auto largest = std::numeric_limits<std::int64_t>::max();

number nothing() { return {0, 0, number_state::not_available}; }

std::uint64_t little_endian(bytes_view octets) noexcept {
  std::uint64_t value = 0;
  for (std::size_t i = octets.size(); i-- > 0;) value = (value << 8U) | octets[i];
  return value;
}

// Halves or doubles m·2^e until e is 0, in tens where that keeps all digits.
number from_binary(std::uint64_t m, int e) noexcept {
  int scaler = 0;
  bool exact = true;
  constexpr std::uint64_t bound = largest;
  for (; e < 0 && m != 0; ++e) {
    if ((m & 1U) == 0) {
      m /= 2;
    } else if (m <= bound / 5) {
      m *= 5;
      --scaler;
    } else {
      m = m / 2 + (m & 1U);
      exact = false;
    }
  }
  for (; e > 0; --e) {
    if (m <= bound / 2) {
      m *= 2;
    } else {
      exact = exact && m % 5 == 0;
      m = (m + 2) / 5;
      ++scaler;
    }
  }
  while (m != 0 && m % 10 == 0 && scaler < 0) {
    m /= 10;
    ++scaler;
  }
  return {static_cast<std::int64_t>(m), static_cast<std::int8_t>(scaler),
          exact ? number_state::exact : number_state::rounded};
}

}  // namespace

number read_signed(bytes_view octets) noexcept {
  if (octets.empty()) return {};
  const bool negative = (octets.back() & 0x80U) != 0;
  while (octets.size() > 8) {
    if (octets.back() != (negative ? 0xFF : 0x00)) return {0, 0, number_state::too_large};
    octets = octets.first(octets.size() - 1);
  }
  auto value = little_endian(octets);
  const auto width = static_cast<unsigned>(8 * octets.size());
  if (value == std::uint64_t{1} << (width - 1)) return nothing();
  if (width < 64 && negative) value |= ~std::uint64_t{0} << width;
  return {static_cast<std::int64_t>(value), 0, number_state::exact};
}

number read_unsigned(bytes_view octets) noexcept {
  bool all_ones = !octets.empty();
  for (const auto o : octets) all_ones = all_ones && o == 0xFF;
  if (all_ones) return nothing();
  while (octets.size() > 8) {
    if (octets.back() != 0) return {0, 0, number_state::too_large};
    octets = octets.first(octets.size() - 1);
  }
  const auto value = little_endian(octets);
  if (value > static_cast<std::uint64_t>(largest)) return {0, 0, number_state::too_large};
  return {static_cast<std::int64_t>(value), 0, number_state::exact};
}

number read_bcd(bytes_view octets) noexcept {
  if (octets.size() > 9) return {0, 0, number_state::too_large};
  std::int64_t value = 0;
  bool negative = false;
  for (std::size_t i = octets.size(); i-- > 0;) {
    unsigned high = octets[i] >> 4U;
    const unsigned low = octets[i] & 15U;
    if (i + 1 == octets.size() && high == 15) {
      negative = true;
      high = 0;
    }
    if (high > 9 || low > 9) return nothing();
    value = value * 100 + static_cast<std::int64_t>(high * 10 + low);
  }
  return {negative ? -value : value, 0, number_state::exact};
}

number read_real(bytes_view octets) noexcept {
  if (octets.size() != 4) return nothing();
  const auto raw = static_cast<std::uint32_t>(little_endian(octets));
  const auto exponent = static_cast<int>((raw >> 23U) & 0xFFU);
  const std::uint64_t fraction = raw & 0x7F'FFFFU;
  if (exponent == 255) return nothing();
  auto n = exponent == 0 ? from_binary(fraction, -149) : from_binary(fraction | 0x80'0000U, exponent - 150);
  if ((raw & 0x8000'0000U) != 0) n.value = -n.value;
  return n;
}

number scaled(number n, std::uint32_t factor, std::int8_t scaler) noexcept {
  if (n.state != number_state::exact && n.state != number_state::rounded) return n;
  if (factor != 1) {
    const auto f = static_cast<std::int64_t>(factor);
    if (n.value > largest / f || n.value < -(largest / f)) return {0, 0, number_state::too_large};
    n.value *= f;
  }
  const int sum = n.scaler + scaler;
  if (sum < -128 || sum > 127) return {0, 0, number_state::too_large};
  n.scaler = static_cast<std::int8_t>(sum);
  return n;
}

namespace {

// Writes a value in a power of ten that is smaller by `by`; false if it does not fit.
bool refine(std::int64_t& value, int by) noexcept {
  for (; by > 0 && value != 0; --by) {
    if (value > largest / 10 || value < -(largest / 10)) return false;
    value *= 10;
  }
  return true;
}

}  // namespace

number plus(number n, std::int64_t more, std::int8_t scaler) noexcept {
  if (n.state != number_state::exact && n.state != number_state::rounded) return n;
  const auto fine = std::min(n.scaler, scaler);
  const bool fits = refine(n.value, n.scaler - fine) && refine(more, scaler - fine) &&
                    (more > 0 ? n.value <= largest - more : n.value >= -largest - more);
  if (!fits) return {0, 0, number_state::too_large};
  return {n.value + more, fine, n.state};
}

}  // namespace smgw::mbus
