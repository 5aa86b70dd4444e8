// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

#include "crypto/curve.hpp"

namespace smgw::crypto {

/// ECDSA over a digest: raw r‖s as key_store::sign_digest makes it. untrusted: does not verify, or r, s out of range;
/// malformed: wrong length, or the point is not on the curve.
[[nodiscard]] expected<void> verify_signature(curve on, bytes_view public_point, bytes_view digest, bytes_view raw);

/// A point a peer sent: uncompressed, on the curve, not the point at infinity (TR-03111 3.2.1). malformed otherwise.
[[nodiscard]] expected<void> check_point(curve on, bytes_view point);

/// raw r‖s to the X9.62 form SEQUENCE { r, s }, and back; malformed on any other encoding than minimal DER.
[[nodiscard]] expected<bytes> signature_to_der(curve on, bytes_view raw);
[[nodiscard]] expected<bytes> signature_from_der(curve on, bytes_view der);

}  // namespace smgw::crypto
