// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

/// \file
/// Strict DER, as much as certificates need: one-octet tags, definite minimal lengths, checked against what is left.

#include "base/octets.hpp"

#include <initializer_list>

namespace smgw::crypto::detail::der {

enum tag : std::uint8_t {
  boolean = 0x01,
  integer = 0x02,
  bit_string = 0x03,
  octet_string = 0x04,
  null = 0x05,
  oid = 0x06,
  utf8_string = 0x0c,
  printable_string = 0x13,
  t61_string = 0x14,
  ia5_string = 0x16,
  utc_time = 0x17,
  generalized_time = 0x18,
  sequence = 0x30,
  set = 0x31,
};
/// [n] constructed.
[[nodiscard]] constexpr std::uint8_t context(std::uint8_t n) noexcept { return static_cast<std::uint8_t>(0xa0 | n); }
/// [n] primitive.
[[nodiscard]] constexpr std::uint8_t context_primitive(std::uint8_t n) noexcept {
  return static_cast<std::uint8_t>(0x80 | n);
}

struct element {
  std::uint8_t tag = 0;
  bytes_view content;
  bytes_view whole;  ///< with tag and length
};
/// Takes the element at the front of `in`.
[[nodiscard]] expected<element> next(bytes_view& in);
/// The same, and it has to have this tag (malformed otherwise).
[[nodiscard]] expected<bytes_view> next(bytes_view& in, std::uint8_t wanted);
[[nodiscard]] inline bool at(bytes_view in, std::uint8_t wanted) noexcept { return !in.empty() && in[0] == wanted; }
/// malformed if something follows.
[[nodiscard]] expected<void> at_end(bytes_view in);
/// The magnitude of a non-negative INTEGER, without leading zeros (one octet 0 for zero).
[[nodiscard]] expected<bytes_view> next_unsigned(bytes_view& in);

/// tag ‖ length ‖ the parts one after the other.
[[nodiscard]] bytes make(std::uint8_t tag, std::initializer_list<bytes_view> parts);
[[nodiscard]] bytes make_unsigned(bytes_view magnitude);
[[nodiscard]] bytes make_bit_string(bytes_view octets);
[[nodiscard]] bytes make_text(std::uint8_t tag, std::string_view text);

}  // namespace smgw::crypto::detail::der
