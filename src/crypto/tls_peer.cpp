// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

// Whom a session believes: the peer's chain against its rule, in a full handshake and again in a resumed one.
#include "base/check.hpp"
#include "crypto/detail/kept.hpp"
#include "crypto/detail/tls_callbacks.hpp"

#include <botan/tls_alert.h>
#include <botan/tls_ciphersuite.h>
#include <botan/tls_session.h>
#include <botan/x509cert.h>

#include <algorithm>

namespace smgw::crypto::detail {
namespace {

using Botan::TLS::AlertType;

AlertType alert_for(errc code) {
  switch (code) {
    case errc::expired: return AlertType::CertificateExpired;
    case errc::unsupported: return AlertType::UnsupportedCertificate;
    default: return AlertType::BadCertificate;
  }
}

}  // namespace

expected<void> check_peer(const tls_peer_rule& rule, std::span<const certificate> chain, certificate_use use,
                          timestamp now) {
  if (chain.empty()) return fail(errc::untrusted, "the peer sent no certificate");
  const auto& leaf = chain.front();
  if (!rule.pinned.empty() || rule.knows) {
    if (rule.knows ? !rule.knows(leaf) : std::ranges::find(rule.pinned, leaf) == rule.pinned.end())
      return fail(errc::untrusted, "the peer's certificate is not the configured one: " + leaf.subject_text);
    // cA does not matter for a certificate that is known octet by octet: self-signed ones in the field have it set.
    auto end_entity = leaf;
    end_entity.is_ca = false;
    SMGW_CHECK(check_use(end_entity, use));
    if (rule.check_time) SMGW_CHECK(check_validity(leaf, now));
  }
  if (!rule.anchors.empty())
    return check_chain(chain, rule.anchors, {.use = use, .now = rule.check_time ? std::optional{now} : std::nullopt});
  return {};
}

/// The library's form to ours; what is configured was parsed then.
expected<std::vector<certificate>> tls_callbacks::convert(const std::vector<Botan::X509_Certificate>& chain) const {
  if (chain.size() > max_chain_length) return fail(errc::exhausted, "chain longer than 4 certificates");
  std::vector<certificate> out;
  for (const auto& c : chain) {
    const auto der = c.BER_encode();
    const auto known = std::ranges::find(config_.peer.pinned, der, &certificate::der);
    if (known != config_.peer.pinned.end()) {
      out.push_back(*known);
      continue;
    }
    SMGW_TRY(auto parsed, parse_certificate(der));
    out.push_back(std::move(parsed));
  }
  return out;
}

void tls_callbacks::check(std::span<const certificate> chain) {
  const auto use = config_.role == tls_role::server ? certificate_use::tls_client : certificate_use::tls_server;
  if (auto ok = check_peer(config_.peer, chain, use, now_); !ok) refuse(alert_for(ok.error().code), ok.error());
}

void tls_callbacks::tls_verify_cert_chain(const std::vector<Botan::X509_Certificate>& chain,
                                          const std::vector<std::optional<Botan::OCSP::Response>>&,
                                          const std::vector<Botan::Certificate_Store*>&, Botan::Usage_Type,
                                          std::string_view, const Botan::TLS::Policy&) {
  // The name is left out on purpose: these peers have no host names, and a server is given its own SNI here.
  auto converted = convert(chain);
  if (!converted) refuse(alert_for(converted.error().code), converted.error());
  check(*converted);
  peer_ = *std::move(converted);
}

bool tls_callbacks::tls_verify_message(const Botan::Public_Key& key, std::string_view padding,
                                       Botan::Signature_Format format, const std::vector<std::uint8_t>& message,
                                       const std::vector<std::uint8_t>& signature) {
  // Of peers that are configured only: nobody else may fill what is kept.
  if (!std::ranges::contains(config_.peer.pinned, key.public_key_bits(), &certificate::public_point))
    return Callbacks::tls_verify_message(key, padding, format, message, signature);
  return known_verifiers().verify(key, padding, format, message, signature);
}

void tls_callbacks::tls_session_established(const Botan::TLS::Session_Summary& session) {
  if (session.was_resumption()) {
    auto chain = convert(session.peer_certs());
    if (!chain) refuse(AlertType::BadCertificate, chain.error());
    // The library does not look at the certificate again (and a resumed session outlives it, or a changed pin).
    if (!chain->empty() || config_.peer.mandatory) check(*chain);
    peer_ = *std::move(chain);
    if (manager && manager->candidate()) lineage_ = manager->candidate();
  }
  tls_summary made;
  made.version = session.version().is_pre_tls_13() ? tls_version::tls12 : tls_version::tls13;
  made.suite = session.ciphersuite_code();
  made.suite_name = session.ciphersuite().to_string();
  made.group = group_;
  if (!peer_.empty()) made.peer = std::move(peer_.front());
  made.resumed = session.was_resumption();
  made.started = lineage_->origin;
  made.expires = lineage_->origin + config_.lifetime;
  if (now_ >= made.expires) refuse(AlertType::HandshakeFailure, {errc::expired, "the resumed session is too old"});
  summary = std::move(made);
}

}  // namespace smgw::crypto::detail
