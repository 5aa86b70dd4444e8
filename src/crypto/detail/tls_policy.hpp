// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

/// \file
/// TR-03116-3 as numbers, and as a policy of the library.

#include "crypto/tls.hpp"

#include <botan/tls_policy.h>

namespace smgw::crypto::detail {

/// What one session may negotiate; made once from its configuration.
struct tls_rules {
  bool tls12 = true, tls13 = false;
  std::vector<std::uint16_t> groups;  ///< by preference; 26..28 for TLS 1.2, 31..33 for TLS 1.3 (RFC 8734)
  std::uint16_t share = 0;            ///< the group a TLS 1.3 client sends a key share for
  std::set<std::uint16_t> suites;
  std::vector<std::uint16_t> schemes;  ///< signatures to offer, that of the own key first
  std::optional<curve> own;            ///< of the identity's key
  bool client_certificate_mandatory = true;
  bool resumption = false;
  std::chrono::seconds lifetime{};
  bool small_records = false;
};
[[nodiscard]] tls_rules rules_of(const tls_config& config);

[[nodiscard]] std::optional<curve> curve_of_group(std::uint16_t code);
/// 31..33 belong to TLS 1.3 only, 26..28 to TLS 1.2 only.
[[nodiscard]] bool group_fits(std::uint16_t code, tls_version version);

/// Records of TLS over HDLC fit one frame: at most 2034 octets (detail specification 8.4).
inline constexpr std::size_t max_small_record = 2034;
/// Plaintext per record, so that header, IV, padding and the longest MAC (5 + 16 + 16 + 48) still fit.
inline constexpr std::size_t max_small_fragment = max_small_record - 85;

class tr03116_policy final : public Botan::TLS::Policy {
 public:
  explicit tr03116_policy(tls_rules rules) : rules_(std::move(rules)) {}
  /// Told by the session once the version is known; a TLS 1.2 server asks for a group without saying so.
  void negotiated(tls_version version) { version_ = version; }

  std::vector<std::string> allowed_ciphers() const override;
  std::vector<std::string> allowed_macs() const override;
  std::vector<std::string> allowed_signature_hashes() const override;
  std::vector<std::string> allowed_key_exchange_methods() const override;
  std::vector<std::string> allowed_signature_methods() const override;
  /// What we sign with: the library takes the first one the peer knows, and does not look at the curve.
  std::vector<Botan::TLS::Signature_Scheme> allowed_signature_schemes() const override;
  /// What we offer and accept.
  std::vector<Botan::TLS::Signature_Scheme> acceptable_signature_schemes() const override;
  std::optional<std::vector<Botan::TLS::Signature_Scheme>> acceptable_certificate_signature_schemes() const override;
  std::vector<Botan::TLS::Group_Params> key_exchange_groups() const override;
  std::vector<Botan::TLS::Group_Params> key_exchange_groups_to_offer() const override;
  Botan::TLS::Group_Params choose_key_exchange_group(
      const std::vector<Botan::TLS::Group_Params>& supported_by_peer,
      const std::vector<Botan::TLS::Group_Params>& offered_by_peer) const override;
  /// Those of the rules, in their order: the library would look through all it knows for each hello.
  std::vector<std::uint16_t> ciphersuite_list(Botan::TLS::Protocol_Version version) const override;
  bool acceptable_ciphersuite(const Botan::TLS::Ciphersuite& suite) const override;
  bool server_uses_own_ciphersuite_preferences() const override { return true; }
  bool allow_tls12() const override { return rules_.tls12; }
  bool allow_tls13() const override { return rules_.tls13; }
  bool allow_dtls12() const override { return false; }
  bool use_ecc_point_compression() const override { return false; }
  // Renegotiation must not happen, in either role (TR-03116-3 4.1.3, 5.1, 6.1).
  bool allow_insecure_renegotiation() const override { return false; }
  bool allow_client_initiated_renegotiation() const override { return false; }
  bool allow_server_initiated_renegotiation() const override { return false; }
  bool abort_connection_on_undesired_renegotiation() const override { return true; }
  bool include_time_in_hello_random() const override { return false; }  // REQ.TA.TLS.Handshake.120
  bool negotiate_encrypt_then_mac() const override { return true; }     // REQ.TA.TLS.Handshake.80
  bool support_cert_status_message() const override { return false; }
  bool require_cert_revocation_info() const override { return false; }  // the administrator's part
  bool require_client_certificate_authentication() const override { return rules_.client_certificate_mandatory; }
  bool request_client_certificate_authentication() const override { return true; }
  std::chrono::seconds session_ticket_lifetime() const override { return rules_.lifetime; }
  std::size_t new_session_tickets_upon_handshake_success() const override { return rules_.resumption ? 1 : 0; }
  std::size_t maximum_session_tickets_per_client_hello() const override { return 1; }
  std::size_t maximum_certificate_chain_size() const override { return max_chain_length * max_certificate_size; }
  std::optional<std::uint16_t> record_size_limit() const override;

 private:
  tls_rules rules_;
  std::optional<tls_version> version_;
};

}  // namespace smgw::crypto::detail
