// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "crypto/pki.hpp"

#include "base/check.hpp"
#include "crypto/detail/certificate_writer.hpp"
#include "crypto/detail/der.hpp"
#include "crypto/detail/oid.hpp"
#include "crypto/detail/x509.hpp"

namespace smgw::crypto {
namespace {

namespace der = detail::der;
namespace oid = detail::oid;

/// TR-03116-3 table 17: at most 7 years, here with the two leap days they can contain.
constexpr std::chrono::days max_self_signed_lifetime{7 * 365 + 2};
constexpr std::chrono::days max_end_entity_lifetime{2 * 365 + 1};

expected<void> check_order(const self_signed_order& order) {
  const auto& s = order.subject;
  if (order.not_after - order.not_before > max_self_signed_lifetime)
    return fail(errc::malformed, "self-signed certificate: at most 7 years (TR-03116-3 table 17)");
  if (s.common_name.find('.') == std::string::npos)
    return fail(errc::malformed, "self-signed certificate: the common name is <id>.<role>");
  if (!order.dns_name.empty() && !detail::is_dns_name(order.dns_name))
    return fail(errc::malformed, "self-signed certificate: not a DNS name");
  if (order.profile == self_signed_profile::lmn) {
    if (!s.common_name.ends_with(".sm")) return fail(errc::malformed, "LMN certificate: CN is <id>.sm");
    if (!s.organisation.empty() || !s.organisational_unit.empty() || !s.country.empty() || !s.serial_number.empty())
      return fail(errc::malformed, "LMN certificate: the subject is the common name only");
  }
  return {};
}

bytes extensions_of(const self_signed_order& order, const key_info& key) {
  const bool lmn = order.profile == self_signed_profile::lmn;
  // KeyUsage and the alternative name are critical in the LMN, not in the HAN (detail specification 3 and 4).
  bytes out = detail::extension_key_usage({detail::bit_digital_signature}, lmn);
  put(out, detail::extension_basic_constraints(false, std::nullopt, false));
  put(out, detail::extension_extended_usage(true, true, false));
  if (!order.dns_name.empty()) put(out, detail::extension_dns_name(oid::subject_alt_name, order.dns_name, lmn));
  if (!lmn) put(out, detail::extension_subject_key_id(detail::key_id_of(key.public_point)));
  return out;
}

}  // namespace

expected<certificate> make_self_signed(key_store& keys, std::string_view label, const self_signed_order& order) {
  SMGW_CHECK(check_order(order));
  SMGW_TRY(const auto key, keys.find(label));
  SMGW_TRY(const auto name, detail::make_name(order.subject));
  SMGW_TRY(auto validity, detail::make_validity(order.not_before, order.not_after));
  // The LMN profile names SHA-256 and SHA-384 only.
  auto h = hash_for(key.on);
  if (order.profile == self_signed_profile::lmn && h == hash::sha512) h = hash::sha384;
  const detail::certificate_plan plan{.issuer = name,
                                      .subject = name,
                                      .public_key_info = detail::make_public_key_info(key),
                                      .validity = std::move(validity),
                                      .signature_hash = h,
                                      .extensions = extensions_of(order, key)};
  SMGW_TRY(const auto body, detail::make_to_be_signed(keys, plan));
  SMGW_TRY(const auto whole, detail::sign_object(keys, key, h, body));
  return parse_certificate(whole);
}

expected<bytes> make_request(key_store& keys, std::string_view label, const distinguished_name& subject) {
  SMGW_TRY(const auto key, keys.find(label));
  SMGW_TRY(const auto name, detail::make_name(subject));
  const bytes version{0x02, 0x01, 0x00}, no_attributes{0xa0, 0x00};
  const auto body = der::make(der::sequence, {version, name, detail::make_public_key_info(key), no_attributes});
  return detail::sign_object(keys, key, hash_for(key.on), body);
}

expected<certificate_request> parse_request(bytes_view der_or_pem) {
  if (der_or_pem.size() > 4 * max_certificate_size) return fail(errc::exhausted, "request too large");
  SMGW_TRY(const auto unpacked, detail::unpack_pem(der_or_pem, "CERTIFICATE REQUEST"));
  if (unpacked.der.size() > max_certificate_size) return fail(errc::exhausted, "request too large");
  SMGW_TRY(const auto parts, detail::read_signed(unpacked.der));
  auto in = parts.to_be_signed;
  SMGW_TRY(auto body, der::next(in, der::sequence));
  SMGW_TRY(const auto version, der::next_unsigned(body));
  if (version.size() != 1 || version[0] != 0) return fail(errc::unsupported, "request: version");
  SMGW_TRY(const auto name, detail::next_name(body));
  SMGW_TRY(auto key, detail::next_public_key(body));
  SMGW_CHECK(detail::verify_signed(parts, key.on, key.point));
  return certificate_request{.subject_cn = name.common_name,
                             .subject = {name.whole.begin(), name.whole.end()},
                             .on = key.on,
                             .public_point = std::move(key.point),
                             .public_key_info = {key.whole.begin(), key.whole.end()}};
}

// --- the authority ---------------------------------------------------------------------------------------------------

namespace {

bytes ca_extensions(const key_info& key, const certificate* issuer, std::optional<std::uint8_t> path_length) {
  bytes out;
  if (issuer != nullptr) put(out, detail::extension_authority_key_id(issuer->subject_key_id));
  put(out, detail::extension_subject_key_id(detail::key_id_of(key.public_point)));
  put(out, detail::extension_key_usage({detail::bit_key_cert_sign, detail::bit_crl_sign}, true));
  put(out, detail::extension_policy());
  put(out, detail::extension_basic_constraints(true, path_length, true));
  return out;
}

/// A name of no registered domain, so that nothing ever asks it: revocation lists are the administrator's part.
constexpr std::string_view crl_uri = "http://crl.sm-pki.invalid/sub-ca.crl";
constexpr std::string_view issuer_uri = "sm-pki.invalid";

bytes end_entity_extensions(const certificate_request& request, const certificate& issuer, const issue_order& what) {
  bytes out = detail::extension_authority_key_id(issuer.subject_key_id);
  put(out, detail::extension_subject_key_id(detail::key_id_of(request.public_point)));
  put(out, detail::extension_key_usage(
               {what.use == sm_pki_use::encryption ? detail::bit_key_agreement : detail::bit_digital_signature}, true));
  put(out, detail::extension_policy());
  if (!what.alternative_dns.empty())
    put(out, detail::extension_dns_name(oid::subject_alt_name, what.alternative_dns, false));
  put(out, detail::extension_dns_name(oid::issuer_alt_name, issuer_uri, false));
  put(out, detail::extension_basic_constraints(false, std::nullopt, true));
  if (what.use == sm_pki_use::tls) put(out, detail::extension_extended_usage(true, true, true));
  put(out, detail::extension_crl_point(crl_uri));
  return out;
}

}  // namespace

expected<certificate_authority> certificate_authority::make_root(std::shared_ptr<key_store> keys, std::string label,
                                                                 curve on, const order& what) {
  SMGW_TRY(const auto name, detail::make_name(what.subject));
  SMGW_TRY(auto validity, detail::make_validity(what.not_before, what.not_after));
  SMGW_TRY(const auto key, keys->generate(label, on, key_purpose::signature));
  const detail::certificate_plan plan{.issuer = name,
                                      .subject = name,
                                      .public_key_info = detail::make_public_key_info(key),
                                      .validity = std::move(validity),
                                      .signature_hash = hash_for(on),
                                      .extensions = ca_extensions(key, nullptr, std::nullopt)};
  SMGW_TRY(const auto body, detail::make_to_be_signed(*keys, plan));
  SMGW_TRY(const auto whole, detail::sign_object(*keys, key, hash_for(on), body));
  SMGW_TRY(auto own, parse_certificate(whole));
  return certificate_authority{std::move(keys), std::move(label), std::move(own)};
}

expected<certificate_authority> certificate_authority::resume(std::shared_ptr<key_store> keys, std::string label,
                                                              certificate own) {
  SMGW_TRY(const auto key, keys->find(label));
  if (key.public_point != own.public_point || !own.is_ca)
    return fail(errc::conflict, "this certificate is not that of a CA with this key");
  return certificate_authority{std::move(keys), std::move(label), std::move(own)};
}

expected<certificate_authority> certificate_authority::make_sub_ca(std::string label, curve on,
                                                                   const order& what) const {
  SMGW_TRY(auto name, detail::make_name(what.subject));
  SMGW_TRY(auto validity, detail::make_validity(what.not_before, what.not_after));
  SMGW_TRY(const auto mine, keys_->find(label_));
  SMGW_TRY(const auto key, keys_->generate(label, on, key_purpose::signature));
  const auto h = hash_for(mine.on);
  const detail::certificate_plan plan{.issuer = own_.subject,
                                      .subject = std::move(name),
                                      .public_key_info = detail::make_public_key_info(key),
                                      .validity = std::move(validity),
                                      .signature_hash = h,
                                      .extensions = ca_extensions(key, &own_, std::uint8_t{0})};
  SMGW_TRY(const auto body, detail::make_to_be_signed(*keys_, plan));
  SMGW_TRY(const auto whole, detail::sign_object(*keys_, mine, h, body));
  SMGW_TRY(auto made, parse_certificate(whole));
  return certificate_authority{keys_, std::move(label), std::move(made)};
}

expected<certificate> certificate_authority::issue(const certificate_request& request, const issue_order& what) const {
  if (what.not_after - what.not_before > max_end_entity_lifetime)
    return fail(errc::malformed, "end-entity certificate: at most 2 years");
  if (!what.alternative_dns.empty() && !detail::is_dns_name(what.alternative_dns))
    return fail(errc::malformed, "end-entity certificate: not a DNS name");
  SMGW_TRY(auto validity, detail::make_validity(what.not_before, what.not_after));
  SMGW_TRY(const auto mine, keys_->find(label_));
  const auto h = hash_for(mine.on);
  const detail::certificate_plan plan{.issuer = own_.subject,
                                      .subject = request.subject,
                                      .public_key_info = request.public_key_info,
                                      .validity = std::move(validity),
                                      .signature_hash = h,
                                      .extensions = end_entity_extensions(request, own_, what)};
  SMGW_TRY(const auto body, detail::make_to_be_signed(*keys_, plan));
  SMGW_TRY(const auto whole, detail::sign_object(*keys_, mine, h, body));
  return parse_certificate(whole);
}

expected<party_certificates> make_party(const certificate_authority& issuer, key_store& keys, const party_order& what) {
  const auto one = [&](sm_pki_use use, key_purpose purpose, std::string_view suffix) -> expected<certificate> {
    const auto label = what.key_prefix + std::string{suffix};
    SMGW_CHECK(keys.generate(label, what.on, purpose));
    SMGW_TRY(const auto der, make_request(keys, label, what.subject));
    SMGW_TRY(const auto request, parse_request(der));
    return issuer.issue(request, {.use = use,
                                  .not_before = what.not_before,
                                  .not_after = what.not_after,
                                  .alternative_dns = what.alternative_dns});
  };
  party_certificates out;
  SMGW_TRY(out.tls, one(sm_pki_use::tls, key_purpose::tls, "tls"));
  SMGW_TRY(out.signature, one(sm_pki_use::signature, key_purpose::signature, "sig"));
  SMGW_TRY(out.encryption, one(sm_pki_use::encryption, key_purpose::encryption, "enc"));
  return out;
}

}  // namespace smgw::crypto
