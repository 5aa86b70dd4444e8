// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

#include <smgw/ports/key_store.hpp>

#include <array>
#include <optional>

namespace smgw::crypto {

using ports::curve;
using ports::to_string;  // of curves

inline constexpr std::array all_curves{curve::brainpool_p256r1, curve::brainpool_p384r1, curve::brainpool_p512r1,
                                       curve::secp256r1, curve::secp384r1};

/// SHA-2, the only hash family of TR-03116-3 2.1.
enum class hash : std::uint8_t { sha256, sha384, sha512 };

[[nodiscard]] std::string_view to_string(hash h) noexcept;  ///< `SHA-256`, …
/// Accepts what to_string prints, and `prime256v1` for secp256r1 (malformed otherwise).
[[nodiscard]] expected<curve> parse_curve(std::string_view name);

/// Octets of a coordinate, and of each half of a raw signature: 32, 48 or 64.
[[nodiscard]] constexpr std::size_t field_size(curve c) noexcept {
  switch (c) {
    case curve::brainpool_p384r1:
    case curve::secp384r1: return 48;
    case curve::brainpool_p512r1: return 64;
    default: return 32;
  }
}
/// Octets of an uncompressed point `04 ‖ X ‖ Y`.
[[nodiscard]] constexpr std::size_t point_size(curve c) noexcept { return 1 + 2 * field_size(c); }
[[nodiscard]] constexpr std::size_t size_of(hash h) noexcept {
  return h == hash::sha256 ? 32 : h == hash::sha384 ? 48 : 64;
}
/// The hash whose length is that of the curve's order.
[[nodiscard]] constexpr hash hash_for(curve c) noexcept {
  return field_size(c) == 32 ? hash::sha256 : field_size(c) == 48 ? hash::sha384 : hash::sha512;
}

}  // namespace smgw::crypto
