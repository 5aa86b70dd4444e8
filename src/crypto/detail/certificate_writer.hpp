// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

/// \file
/// Writing certificates: names, keys, extensions and the signature from a key store.

#include "crypto/pki.hpp"

namespace smgw::crypto::detail {

/// malformed: an attribute longer than 64 characters, a country that is not two letters, an unprintable character.
[[nodiscard]] expected<bytes> make_name(const distinguished_name& name);
[[nodiscard]] bytes make_public_key_info(const key_info& key);
[[nodiscard]] bytes make_algorithm(hash h);
[[nodiscard]] expected<bytes> make_validity(timestamp not_before, timestamp not_after);
/// SKI: the first 160 bits of SHA-256 over the point (RFC 7093, method 1).
[[nodiscard]] bytes key_id_of(bytes_view public_point);
/// Signs `to_be_signed` with the key and puts the three parts together.
[[nodiscard]] expected<bytes> sign_object(key_store& keys, const key_info& key, hash h, bytes_view to_be_signed);

struct certificate_plan {
  bytes issuer, subject;  ///< names, DER
  bytes public_key_info;
  bytes validity;
  hash signature_hash = hash::sha256;
  bytes extensions;  ///< one after the other
};
/// Draws a serial number of 16 octets, and makes the TBSCertificate.
[[nodiscard]] expected<bytes> make_to_be_signed(key_store& keys, const certificate_plan& plan);

[[nodiscard]] bytes extension_key_usage(std::initializer_list<std::uint8_t> bits, bool critical);
[[nodiscard]] bytes extension_basic_constraints(bool ca, std::optional<std::uint8_t> path_length, bool critical);
[[nodiscard]] bytes extension_extended_usage(bool server, bool client, bool critical);
[[nodiscard]] bytes extension_dns_name(std::uint8_t which, std::string_view name, bool critical);
[[nodiscard]] bytes extension_subject_key_id(bytes_view id);
[[nodiscard]] bytes extension_authority_key_id(bytes_view id);
[[nodiscard]] bytes extension_policy();
[[nodiscard]] bytes extension_crl_point(std::string_view uri);
/// Lower-case letters, digits, `-` and `.`, at most 253 characters.
[[nodiscard]] bool is_dns_name(std::string_view name);

/// KeyUsage bit numbers.
inline constexpr std::uint8_t bit_digital_signature = 0, bit_key_agreement = 4, bit_key_cert_sign = 5, bit_crl_sign = 6;

}  // namespace smgw::crypto::detail
