// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

/// \file
/// X.509 certificates as values of ours: parsed once, bounded, and compared by their octets.

#include "crypto/curve.hpp"

#include <optional>

namespace smgw::crypto {

/// Octets of one certificate; SM-PKI and LMN certificates have 500 to 1200.
inline constexpr std::size_t max_certificate_size = 4096;
/// Certificates of one chain: end entity, sub-CA, root, and a link certificate during a change of the root.
inline constexpr std::size_t max_chain_length = 4;
/// LMN certificate profile type A (detail specification 3): recommended size.
inline constexpr std::size_t max_lmn_certificate_size = 600;

/// Bits of the KeyUsage extension that matter here.
struct key_usage {
  bool present = false;
  bool critical = false;
  bool digital_signature = false, key_agreement = false, key_cert_sign = false, crl_sign = false, other = false;
  friend bool operator==(const key_usage&, const key_usage&) = default;
};

/// What a certificate says. Only certificates on the five curves with ECDSA signatures exist here.
struct certificate {
  bytes der;
  std::string subject_cn, issuer_cn;  ///< empty where the name has none
  bytes subject, issuer;              ///< the names' DER, for comparison
  std::string subject_text;           ///< for people: `CN="…",C="DE"`
  bytes serial;                       ///< big-endian, without leading zeros
  timestamp not_before{}, not_after{};
  bytes subject_key_id, authority_key_id;  ///< empty where absent
  curve on = curve::brainpool_p256r1;
  bytes public_point;
  hash signature_hash = hash::sha256;
  key_usage usage;
  bool has_extended_usage = false;  ///< the two below only count where this is true
  bool server_auth = false, client_auth = false;
  bool is_ca = false;
  std::optional<std::size_t> path_length;
  std::vector<std::string> dns_names;
  std::array<std::uint8_t, 32> fingerprint{};  ///< SHA-256 over der

  /// The whole certificate, octet by octet: this is what pinning compares.
  friend bool operator==(const certificate& a, const certificate& b) { return a.der == b.der; }
};

/// Reads one certificate in DER or PEM. malformed: not a certificate; unsupported: another algorithm, curve, point
/// form, or an unknown critical extension; exhausted: larger than max_certificate_size.
[[nodiscard]] expected<certificate> parse_certificate(bytes_view der_or_pem);
/// Reads one to max_chain_length certificates, PEM one after the other or DER one after the other.
[[nodiscard]] expected<std::vector<certificate>> parse_certificates(bytes_view der_or_pem);
[[nodiscard]] std::string to_pem(const certificate& c);
[[nodiscard]] std::string to_pem(std::string_view label, bytes_view der);

/// expired: `now` lies outside the validity period.
[[nodiscard]] expected<void> check_validity(const certificate& c, timestamp now);
/// Whether `issuer` signed `c`: names, key identifiers and signature (untrusted otherwise).
[[nodiscard]] expected<void> check_issued_by(const certificate& c, const certificate& issuer);

/// What an end-entity certificate is wanted for.
enum class certificate_use : std::uint8_t { tls_client, tls_server, signature, encryption };
/// KeyUsage and ExtendedKeyUsage fit the use (denied otherwise; REQ.TA.TLS.Handshake.20). A TLS certificate with client
/// EKU serves as server certificate too (REQ.TA.TLS.OpenHanSessionAsServer.20).
[[nodiscard]] expected<void> check_use(const certificate& c, certificate_use use);

struct chain_rule {
  certificate_use use = certificate_use::tls_server;
  std::optional<timestamp> now;  ///< none: no trusted time yet, validity is not checked (REQ.TA.TLS.Handshake.160)
};
/// Checks a chain, end entity first, up to one of `anchors` (RFC 5280 6 without policies and revocation, which is
/// the administrator's part): each link, cA and path length, keyCertSign, validity, use. The anchor may be in the
/// chain. untrusted, expired or denied; exhausted: longer than max_chain_length.
[[nodiscard]] expected<void> check_chain(std::span<const certificate> chain, std::span<const certificate> anchors,
                                         const chain_rule& rule);

}  // namespace smgw::crypto
