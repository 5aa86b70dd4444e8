// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

/// \file
/// The algorithms of the CMS content protection (detail specification 5.2.2, tables 5.1 to 5.3; TR-03116-3 chapter 8).

#include <smgw/types.hpp>

#include <cstddef>

namespace smgw::cms {

/// The five curves of the security module (TR-03116-3 table 4).
enum class curve : std::uint8_t { brainpool_p256r1, brainpool_p384r1, brainpool_p512r1, secp256r1, secp384r1 };
/// Octets of a field element, and of r and s: 32, 48 or 64.
[[nodiscard]] std::size_t field_octets(curve c) noexcept;

/// SHA-2, for the key derivation, the message digest and the signature.
enum class digest : std::uint8_t { sha256, sha384, sha512 };

/// id-aesNNN-wrap, RFC 3394.
enum class key_wrap : std::uint8_t { aes128, aes192, aes256 };

/// id-aesNNN-GCM (RFC 5084) and id-aes-CBC-CMAC-NNN (detail specification 5.4).
enum class cipher : std::uint8_t {
  aes128_gcm,
  aes192_gcm,
  aes256_gcm,
  aes128_cbc_cmac,
  aes192_cbc_cmac,
  aes256_cbc_cmac
};

/// Which object identifiers name the key agreement.
enum class key_agreement : std::uint8_t {
  ecka_eg,  ///< ecka-eg-X963KDF-SHAnnn, what the detail specification demands
  rfc5753,  ///< dhSinglePass-stdDH-shaNNNkdf: the same mathematics under the names other CMS programs know
};

/// What goes into the key derivation beside the shared secret.
enum class shared_info : std::uint8_t {
  none,     ///< nothing: what a gateway in the field sends
  ecc_cms,  ///< ECC-CMS-SharedInfo of RFC 5753, 7.2
};

/// What a CMS level says it carries.
enum class content_type : std::uint8_t {
  data,
  signed_data,
  auth_enveloped_data,
  compressed_data,
  certificate_requests,  ///< a package of requests to a CA, in a SignedData only (request_package.hpp)
};

/// An encryption suite; the default is CMS_ECKAEG_AES_128_GCM (table 5.1).
struct encryption_suite {
  digest kdf = digest::sha256;
  key_wrap wrap = key_wrap::aes128;
  cipher content = cipher::aes128_gcm;
  friend bool operator==(const encryption_suite&, const encryption_suite&) = default;
};
inline constexpr encryption_suite eckaeg_aes128_gcm{};
inline constexpr encryption_suite eckaeg_aes128_cbc_cmac{digest::sha256, key_wrap::aes128, cipher::aes128_cbc_cmac};

/// Largest message, plain or protected, that is made or read. The guideline gives none; a month of quarter-hour values
/// of ten registers as XML stays below.
inline constexpr std::size_t max_message = std::size_t{16} << 20;
/// GCM tags: 16 octets are sent (REQ.CMS.AuthEnvelopedData.70), RFC 5084 permits 12 to 16, gateways in the field
/// send 12.
inline constexpr std::size_t tag_octets = 16;
inline constexpr std::size_t min_tag_octets = 12;
/// A subject key identifier is a hash of 20 octets in RFC 5280; longer ones up to a SHA-512 are read.
inline constexpr std::size_t max_key_identifier = 64;
/// Recipients read in one message (the detail specification has one; several share a message in RFC 5652).
inline constexpr std::size_t max_recipients = 16;
/// Attributes read in one set.
inline constexpr std::size_t max_attributes = 16;
/// Largest embedded certificate.
inline constexpr std::size_t max_certificate = 8192;

}  // namespace smgw::cms
