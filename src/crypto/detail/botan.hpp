// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

/// \file
/// What the files that use Botan share: names and groups, octet containers, and the border for its exceptions.

#include "base/secret.hpp"
#include "crypto/curve.hpp"

#include <botan/ec_apoint.h>
#include <botan/ec_group.h>
#include <botan/ec_scalar.h>
#include <botan/exceptn.h>
#include <botan/rng.h>
#include <botan/secmem.h>
#include <botan/version.h>

#include <optional>

namespace smgw::crypto::detail {

/// The group, made once per process.
[[nodiscard]] const Botan::EC_Group& group_of(curve c);
/// The curve with this object identifier, if it is one of ours.
[[nodiscard]] std::optional<curve> curve_of(const Botan::EC_Group& group);
/// Botan's name: `brainpool256r1`, …
[[nodiscard]] std::string botan_name(curve c);
[[nodiscard]] std::string botan_name(hash h);

/// The point if it is uncompressed and on the curve (TR-03111 3.2.1).
[[nodiscard]] std::optional<Botan::EC_AffinePoint> point_of(curve c, bytes_view point);

/// For blinding alone, which wants many small portions, none of which ends up in a key: the kernel's are as hard to
/// guess as those of a DRBG, which takes longer over them than a fourth of the multiplication.
[[nodiscard]] Botan::RandomNumberGenerator& blinding_rng();

/// scalar · generator, `04 ‖ X ‖ Y`. `rng` blinds.
[[nodiscard]] bytes multiply_generator(const Botan::EC_Scalar& scalar, Botan::RandomNumberGenerator& rng);
/// scalar · point.
[[nodiscard]] Botan::EC_AffinePoint multiply(const Botan::EC_AffinePoint& point, const Botan::EC_Scalar& scalar,
                                             Botan::RandomNumberGenerator& rng);
/// The x coordinate of scalar · point.
[[nodiscard]] secret multiply_x(const Botan::EC_AffinePoint& point, const Botan::EC_Scalar& scalar,
                                Botan::RandomNumberGenerator& rng);

[[nodiscard]] inline bytes to_bytes(const Botan::secure_vector<std::uint8_t>& v) { return {v.begin(), v.end()}; }
[[nodiscard]] inline secret to_secret(const Botan::secure_vector<std::uint8_t>& v) {
  return secret{bytes_view{v.data(), v.size()}};
}

/// Runs `f`, which returns an expected; an exception becomes `code` with `what` and the library's text.
template <class F>
[[nodiscard]] auto guarded(errc code, std::string_view what, F&& f) -> decltype(f()) {
  try {
    return std::forward<F>(f)();
  } catch (const std::exception& e) {
    return fail(code, std::string{what} + ": " + e.what());
  }
}

}  // namespace smgw::crypto::detail
