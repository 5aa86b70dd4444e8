// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

/// \file
/// The object identifiers of certificates, as DER content octets.

#include "crypto/curve.hpp"

#include <array>

namespace smgw::crypto::detail::oid {

inline constexpr std::array<std::uint8_t, 7> ec_public_key{0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01};
/// ecdsa-with-SHA256/384/512 end in 2, 3, 4.
inline constexpr std::array<std::uint8_t, 7> ecdsa_with_sha2{0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03};
/// id-ce: 2.5.29.x
inline constexpr std::array<std::uint8_t, 2> certificate_extension{0x55, 0x1d};
/// id-at: 2.5.4.x
inline constexpr std::array<std::uint8_t, 2> attribute{0x55, 0x04};
/// id-kp: 1.3.6.1.5.5.7.3.x
inline constexpr std::array<std::uint8_t, 7> key_purpose{0x2b, 0x06, 0x01, 0x05, 0x05, 0x07, 0x03};
/// The policy of the SM-PKI, 0.4.0.127.0.7.3.4.1.1.1.
inline constexpr std::array<std::uint8_t, 10> sm_pki_policy{0x04, 0x00, 0x7f, 0x00, 0x07, 0x03, 0x04, 0x01, 0x01, 0x01};

enum extension : std::uint8_t {
  subject_key_id = 14,
  key_usage = 15,
  subject_alt_name = 17,
  issuer_alt_name = 18,
  basic_constraints = 19,
  crl_distribution_points = 31,
  certificate_policies = 32,
  authority_key_id = 35,
  extended_key_usage = 37,
};
enum name_attribute : std::uint8_t {
  common_name = 3,
  serial_number = 5,
  country = 6,
  organisation = 10,
  organisational_unit = 11,
};
enum purpose : std::uint8_t { server_auth = 1, client_auth = 2 };

/// Object identifier of a named curve (TR-03111; RFC 5480), content octets.
[[nodiscard]] constexpr bytes_view of(curve c) noexcept {
  constexpr static std::array<std::uint8_t, 9> p256{0x2b, 0x24, 0x03, 0x03, 0x02, 0x08, 0x01, 0x01, 0x07};
  constexpr static std::array<std::uint8_t, 9> p384{0x2b, 0x24, 0x03, 0x03, 0x02, 0x08, 0x01, 0x01, 0x0b};
  constexpr static std::array<std::uint8_t, 9> p512{0x2b, 0x24, 0x03, 0x03, 0x02, 0x08, 0x01, 0x01, 0x0d};
  constexpr static std::array<std::uint8_t, 8> nist256{0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07};
  constexpr static std::array<std::uint8_t, 5> nist384{0x2b, 0x81, 0x04, 0x00, 0x22};
  switch (c) {
    case curve::brainpool_p256r1: return p256;
    case curve::brainpool_p384r1: return p384;
    case curve::brainpool_p512r1: return p512;
    case curve::secp256r1: return nist256;
    case curve::secp384r1: return nist384;
  }
  return {};
}

}  // namespace smgw::crypto::detail::oid
