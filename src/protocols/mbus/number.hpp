// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

/// \file
/// Numbers of M-Bus records, exactly: binary, BCD and REAL32 (EN 13757-3:2018, annex A, types A, B, C, H). No floating
/// point anywhere.

#include <smgw/types.hpp>

namespace smgw::mbus {

/// What a field of a record holds.
enum class number_state : std::uint8_t {
  exact,
  rounded,        ///< a REAL32 without an exact decimal of 18 digits; the raw octets tell more
  not_available,  ///< the code for "no value": sign bit alone (B), all ones (C), other than digits (A), no number (H)
  too_large,      ///< does not fit 63 bits
};
struct number {
  std::int64_t value = 0;
  std::int8_t scaler = 0;  ///< not 0 for REAL32 only
  number_state state = number_state::exact;
  friend bool operator==(const number&, const number&) = default;
};

/// Least significant octet first, at most eight octets count; more make `too_large` unless the rest is sign or zero.
[[nodiscard]] number read_signed(bytes_view octets) noexcept;
[[nodiscard]] number read_unsigned(bytes_view octets) noexcept;
/// Least significant octet first; F in the topmost digit means negative.
[[nodiscard]] number read_bcd(bytes_view octets) noexcept;
/// Four octets of IEEE 754, least significant first.
[[nodiscard]] number read_real(bytes_view octets) noexcept;

/// `value · factor · 10^scaler`, with the factor and trailing overflow checked.
[[nodiscard]] number scaled(number n, std::uint32_t factor, std::int8_t scaler) noexcept;
/// `value + more · 10^scaler`, in the finer of the two powers of ten.
[[nodiscard]] number plus(number n, std::int64_t more, std::int8_t scaler) noexcept;

}  // namespace smgw::mbus
