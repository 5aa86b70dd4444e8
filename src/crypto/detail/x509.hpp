// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

/// \file
/// Pieces of X.509 that reading certificates and requests share.

#include "crypto/certificate.hpp"

namespace smgw::crypto::detail {

/// The outer three parts of a certificate or a request.
struct signed_object {
  bytes_view to_be_signed;  ///< with tag and length
  bytes_view algorithm;     ///< AlgorithmIdentifier, with tag and length
  hash signature_hash = hash::sha256;
  bytes_view signature;  ///< X9.62 DER
};
[[nodiscard]] expected<signed_object> read_signed(bytes_view der);
/// untrusted if `s` is not signed by this key.
[[nodiscard]] expected<void> verify_signed(const signed_object& s, curve on, bytes_view public_point);

struct public_key {
  curve on = curve::brainpool_p256r1;
  bytes point;
  bytes_view whole;  ///< SubjectPublicKeyInfo
};
[[nodiscard]] expected<public_key> next_public_key(bytes_view& in);

struct name_content {
  bytes_view whole;
  std::string common_name;
  std::string text;
};
[[nodiscard]] expected<name_content> next_name(bytes_view& in);

/// DER of the first PEM block with this label, or the input itself if it is no PEM. `rest` is what follows.
struct unpacked {
  bytes der;
  bytes_view rest;
};
[[nodiscard]] expected<unpacked> unpack_pem(bytes_view in, std::string_view label);

}  // namespace smgw::crypto::detail
