// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

/// \file
/// Making certificates: the self-signed profiles of LMN and HAN, requests, and a small authority for a test SM-PKI.

#include "crypto/certificate.hpp"
#include "crypto/key_store.hpp"

namespace smgw::crypto {

/// The attributes SM-PKI and HAN names use. Empty ones are left out. At most 64 characters each.
struct distinguished_name {
  std::string common_name;
  std::string organisation;
  std::string organisational_unit;
  std::string country;        ///< two letters
  std::string serial_number;  ///< decimal digits
};

/// Self-signed profiles: type A of the LMN (detail specification 3, REQ.ZertifikateLMN.Allgemein.10) and type A of the
/// HAN (detail specification 4, REQ.ZertifikateHAN.Allgemein.10).
enum class self_signed_profile : std::uint8_t { lmn, han };

struct self_signed_order {
  self_signed_profile profile = self_signed_profile::lmn;
  distinguished_name subject;  ///< LMN: CN = `<id>.sm` and nothing else; HAN: CN = `<id>.smgw`, `<id>.cls`, …
  std::string dns_name;        ///< SubjectAltName; empty: none
  timestamp not_before{};      ///< the time of generation
  timestamp not_after{};       ///< at most 7 years later (TR-03116-3 table 17)
};
/// A certificate for the key `label`, signed by that key. malformed: the order breaks its profile; errors of the store.
[[nodiscard]] expected<certificate> make_self_signed(key_store& keys, std::string_view label,
                                                     const self_signed_order& order);

/// A PKCS#10 request for the key `label`, signed by that key (proof of possession); DER.
[[nodiscard]] expected<bytes> make_request(key_store& keys, std::string_view label, const distinguished_name& subject);

/// What a request asks for; its signature has been verified.
struct certificate_request {
  std::string subject_cn;
  bytes subject;  ///< the name's DER
  curve on = curve::brainpool_p256r1;
  bytes public_point;
  bytes public_key_info;  ///< SubjectPublicKeyInfo, DER
};
/// Reads DER or PEM. malformed, unsupported (other algorithms), untrusted (signature), exhausted (size).
[[nodiscard]] expected<certificate_request> parse_request(bytes_view der_or_pem);

/// The end-entity profiles of the SM-PKI: each party has one certificate of each kind.
enum class sm_pki_use : std::uint8_t { tls, signature, encryption };

struct issue_order {
  sm_pki_use use = sm_pki_use::tls;
  timestamp not_before{}, not_after{};  ///< at most 2 years for end entities
  std::string alternative_dns;          ///< SubjectAltName: for parties other than gateways; empty: none
};

/// A certificate authority over a key in a store: a test SM-PKI's root or sub-CA, or the CA of a gateway's makers for
/// technicians. Extensions follow TR-03109-4's profiles; revocation lists are not made here.
class certificate_authority {
 public:
  struct order {
    distinguished_name subject;
    timestamp not_before{}, not_after{};
  };
  /// Makes the key `label` on `on` and its self-signed root certificate.
  [[nodiscard]] static expected<certificate_authority> make_root(std::shared_ptr<key_store> keys, std::string label,
                                                                 curve on, const order& what);
  /// Takes up a CA whose key is in the store already; conflict if key and certificate do not belong together.
  [[nodiscard]] static expected<certificate_authority> resume(std::shared_ptr<key_store> keys, std::string label,
                                                              certificate own);
  /// Makes a sub-CA below this one (path length 0), with its key `label` in the same store.
  [[nodiscard]] expected<certificate_authority> make_sub_ca(std::string label, curve on, const order& what) const;
  /// Issues an end-entity certificate for a request.
  [[nodiscard]] expected<certificate> issue(const certificate_request& request, const issue_order& what) const;

  [[nodiscard]] const certificate& own() const noexcept { return own_; }

 private:
  certificate_authority(std::shared_ptr<key_store> keys, std::string label, certificate own)
      : keys_(std::move(keys)), label_(std::move(label)), own_(std::move(own)) {}
  std::shared_ptr<key_store> keys_;
  std::string label_;
  certificate own_;
};

/// The three certificates of one party, keys `<prefix>tls`, `<prefix>sig`, `<prefix>enc` made in `keys`.
struct party_certificates {
  certificate tls, signature, encryption;
};
struct party_order {
  std::string key_prefix;
  distinguished_name subject;
  timestamp not_before{}, not_after{};
  std::string alternative_dns;
  curve on = curve::brainpool_p256r1;
};
[[nodiscard]] expected<party_certificates> make_party(const certificate_authority& issuer, key_store& keys,
                                                      const party_order& what);

}  // namespace smgw::crypto
