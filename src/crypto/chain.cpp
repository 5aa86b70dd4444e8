// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "base/check.hpp"
#include "base/time_text.hpp"
#include "crypto/certificate.hpp"
#include "crypto/detail/kept.hpp"
#include "crypto/detail/x509.hpp"

#include <algorithm>

namespace smgw::crypto {
namespace {

bool anchored(const certificate& c, std::span<const certificate> anchors) {
  return std::ranges::find(anchors, c) != anchors.end();
}

/// The anchor that issued `c`: two anchors may share a name while the root changes, so the signature decides.
const certificate* issuer_among(const certificate& c, std::span<const certificate> anchors) {
  const auto it =
      std::ranges::find_if(anchors, [&](const certificate& a) { return check_issued_by(c, a).has_value(); });
  return it == anchors.end() ? nullptr : &*it;
}

/// `below`: CA certificates between this one and the end entity.
expected<void> check_ca(const certificate& ca, std::size_t below) {
  if (!ca.is_ca) return fail(errc::untrusted, "issuer is no CA: " + ca.subject_text);
  if (ca.usage.present && !ca.usage.key_cert_sign) return fail(errc::untrusted, "issuer may not sign certificates");
  if (ca.path_length && below > *ca.path_length) return fail(errc::untrusted, "chain longer than its CA allows");
  return {};
}

}  // namespace

expected<void> check_validity(const certificate& c, timestamp now) {
  if (now < c.not_before) return fail(errc::expired, "certificate not valid before " + to_iso8601(c.not_before));
  if (now > c.not_after) return fail(errc::expired, "certificate expired at " + to_iso8601(c.not_after));
  return {};
}

expected<void> check_issued_by(const certificate& c, const certificate& issuer) {
  if (c.issuer != issuer.subject) return fail(errc::untrusted, "certificate of another issuer");
  if (!c.authority_key_id.empty() && !issuer.subject_key_id.empty() && c.authority_key_id != issuer.subject_key_id)
    return fail(errc::untrusted, "certificate of another key of its issuer");
  auto& known = detail::known_signatures();
  const auto name = detail::kept_signatures::name(c.der, issuer.on, issuer.public_point);
  if (known.contains(name)) return {};
  SMGW_TRY(const auto parts, detail::read_signed(c.der));
  SMGW_CHECK(detail::verify_signed(parts, issuer.on, issuer.public_point));
  known.add(name);
  return {};
}

expected<void> check_use(const certificate& c, certificate_use use) {
  const auto refuse = [](std::string_view what) {
    return fail(errc::denied, "certificate is not for " + std::string{what});
  };
  if (c.is_ca) return refuse("an end entity");
  const bool sign = !c.usage.present || c.usage.digital_signature;
  switch (use) {
    case certificate_use::tls_client:
      if (!sign || (c.has_extended_usage && !c.client_auth)) return refuse("a TLS client");
      return {};
    case certificate_use::tls_server:
      if (!sign || (c.has_extended_usage && !c.server_auth && !c.client_auth)) return refuse("a TLS server");
      return {};
    case certificate_use::signature:
      if (!sign || c.has_extended_usage) return refuse("signatures");
      return {};
    case certificate_use::encryption:
      if (c.usage.present && !c.usage.key_agreement) return refuse("key agreement");
      return {};
  }
  return fail(errc::internal, "unknown use");
}

expected<void> check_chain(std::span<const certificate> chain, std::span<const certificate> anchors,
                           const chain_rule& rule) {
  if (chain.empty()) return fail(errc::untrusted, "no certificate");
  if (chain.size() > max_chain_length) return fail(errc::exhausted, "chain longer than 4 certificates");
  SMGW_CHECK(check_use(chain.front(), rule.use));
  for (std::size_t i = 0; i < chain.size(); ++i) {
    const auto& c = chain[i];
    if (rule.now) SMGW_CHECK(check_validity(c, *rule.now));
    if (i > 0) SMGW_CHECK(check_ca(c, i - 1));
    if (anchored(c, anchors)) {
      // An end entity that is an anchor itself would be pinning, which is another rule.
      if (i == 0) return fail(errc::untrusted, "an end-entity certificate is no anchor");
      return {};
    }
    if (const auto* anchor = issuer_among(c, anchors)) {
      SMGW_CHECK(check_ca(*anchor, i));
      if (rule.now) SMGW_CHECK(check_validity(*anchor, *rule.now));
      return {};
    }
    if (i + 1 == chain.size()) break;
    SMGW_CHECK(check_issued_by(c, chain[i + 1]));
  }
  return fail(errc::untrusted, "the chain ends at no anchor of ours");
}

}  // namespace smgw::crypto
