// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "base/check.hpp"
#include "base/octets.hpp"
#include "base/secret.hpp"
#include "protocols/cms/attributes.hpp"
#include "protocols/cms/content_info.hpp"
#include "protocols/cms/oids.hpp"
#include "protocols/cms/primitives.hpp"
#include "protocols/cms/signed_message.hpp"

#include <algorithm>

namespace smgw::cms {
namespace {

/// AlgorithmIdentifier of a digest or a signature. Absent parameters are what the detail specification demands; NULL is
/// read too, as TR-03111 5.2 lets receivers do and other CMS programs send it. Ours are always absent.
expected<bytes_view> read_algorithm(bytes_view in) {
  der::reader r{in};
  SMGW_TRY(const auto oid, r.next());
  if (oid.tag != der::oid) return fail(errc::malformed, "algorithm");
  SMGW_TRY(const auto null, r.next_if(der::null));
  if (null && !null->empty()) return fail(errc::malformed, "parameters of an algorithm");
  SMGW_CHECK(r.finish());
  return oid.whole;
}

expected<digest> read_digest(bytes_view in) {
  SMGW_TRY(const auto oid, read_algorithm(in));
  const auto known = oids::to_digest(oid);
  if (!known) return fail(errc::unsupported, "digest algorithm");
  return *known;
}

expected<void> read_signer_info(bytes_view in, signed_message& m) {
  der::reader r{in};
  SMGW_TRY(const auto version, r.next_small());
  if (version != 3) return fail(errc::malformed, "SignerInfo version");
  SMGW_TRY(m.key_identifier, r.next(der::context(0)));
  if (m.key_identifier.empty() || m.key_identifier.size() > max_key_identifier)
    return fail(errc::malformed, "key identifier of the signer");
  SMGW_TRY(const auto digest_algorithm, r.next(der::sequence));
  SMGW_TRY(m.attributes, r.next(der::constructed(0)));
  SMGW_TRY(const auto signature_algorithm, r.next(der::sequence));
  SMGW_TRY(m.signature, r.next(der::octet_string));
  SMGW_CHECK(r.finish());  // unsignedAttrs, [1]
  SMGW_TRY(const auto used, read_digest(digest_algorithm));
  if (used != m.hash) return fail(errc::malformed, "digest algorithm not announced");
  SMGW_TRY(const auto signature_oid, read_algorithm(signature_algorithm));
  const auto signature_hash = oids::to_signature(signature_oid);
  if (!signature_hash) return fail(errc::unsupported, "signature algorithm");
  if (*signature_hash != m.hash)
    return fail(errc::malformed, "hash of the signature differs");  // REQ.CMS.SignedData.60
  return {};
}

expected<void> read_certificates(bytes_view set, signed_message& m) {
  der::reader r{set};
  SMGW_TRY(const auto certificate, r.next());
  SMGW_CHECK(r.finish());  // only that of the signing key
  if (certificate.tag != der::sequence) return fail(errc::malformed, "embedded certificate");
  if (certificate.whole.size() > max_certificate) return fail(errc::exhausted, "embedded certificate too long");
  m.certificate = certificate.whole;
  return {};
}

expected<void> check_attributes(const signed_message& m, bytes_view computed, const verifying& how) {
  SMGW_TRY(const auto list, decode_attributes(m.attributes));
  if (list.size() > 2 && !how.other_attributes) return fail(errc::malformed, "signed attribute not allowed");
  const auto* type = find_attribute(list, oids::attribute_content_type);
  const auto* value = find_attribute(list, oids::attribute_message_digest);
  if (type == nullptr || value == nullptr) return fail(errc::malformed, "signed attribute missing");
  if (!std::ranges::equal(*type, oids::of(m.type))) return fail(errc::malformed, "content-type attribute differs");
  SMGW_TRY(const auto announced, der::only(*value, der::octet_string));
  if (!equal_constant_time(announced, computed)) return fail(errc::untrusted, "digest of the content");
  return {};
}

/// The signature does not cover an embedded certificate, so no octet of it may differ from the configured one
/// (REQ.CMS.Zertifikate.10), whose structure was read when it was configured (REQ.CMS.Zertifikate.20).
expected<void> check_certificate(const signed_message& m, const known_signer& configured) {
  if (m.certificate.empty() || std::ranges::equal(m.certificate, configured.certificate)) return {};
  return fail(errc::untrusted, "embedded certificate is not the configured one of the signer");
}

}  // namespace

expected<void> read_start(der::reader& r, signed_message& m) {
  SMGW_TRY(const auto version, r.next_small());
  if (version != 3) return fail(errc::malformed, "SignedData version");
  SMGW_TRY(const auto digests, r.next(der::set));
  SMGW_TRY(const auto algorithm, der::only(digests, der::sequence));
  SMGW_TRY(m.hash, read_digest(algorithm));
  return {};
}

expected<void> read_type(const der::element& type, signed_message& m) {
  const auto known = oids::to_content_type(type.whole);
  if (!known || *known == content_type::signed_data || *known == content_type::compressed_data)
    return fail(type.tag == der::oid ? errc::unsupported : errc::malformed, "type of the content");
  m.type = *known;
  return {};
}

expected<void> read_end(der::reader& r, signed_message& m) {
  SMGW_TRY(const auto certificates, r.next_if(der::constructed(0)));
  SMGW_TRY(const auto signers, r.next(der::set));  // crls, [1], are refused here by their tag
  SMGW_CHECK(r.finish());
  if (certificates) SMGW_CHECK(read_certificates(*certificates, m));
  SMGW_TRY(const auto info_content, der::only(signers, der::sequence));
  return read_signer_info(info_content, m);
}

expected<signed_message> read_signed(bytes_view message) {
  SMGW_TRY(const auto info, unwrap_content_info(message));
  if (info.type != content_type::signed_data) return fail(errc::unsupported, "not a SignedData");
  SMGW_TRY(const auto body, der::only(info.content, der::sequence));
  signed_message m;
  der::reader r{body};
  SMGW_CHECK(read_start(r, m));
  SMGW_TRY(const auto encapsulated, r.next(der::sequence));
  der::reader e{encapsulated};
  SMGW_TRY(const auto type, e.next());
  SMGW_TRY(const auto wrapped, e.next_if(der::constructed(0)));
  SMGW_CHECK(e.finish());
  if (wrapped) {
    SMGW_TRY(const auto content, der::only(*wrapped, der::octet_string));
    m.content = content;
  }
  SMGW_CHECK(read_type(type, m));
  SMGW_CHECK(read_end(r, m));
  return m;
}

expected<void> verify_message(const signed_message& m, bytes_view content_digest, const find_signer& find,
                              const verifying& how) {
  if (!std::ranges::contains(how.digests, m.hash)) return fail(errc::denied, "digest algorithm");
  SMGW_TRY(const auto known, find(m.key_identifier));
  SMGW_CHECK(check_attributes(m, content_digest, how));
  SMGW_CHECK(check_certificate(m, known));
  SMGW_TRY(const auto plain, der::signature_to_plain(m.signature, field_octets(known.key.group)));
  return verify_signature(known.key, m.hash, der::make(der::set, m.attributes), plain);
}

expected<verified> verify(bytes_view message, const find_signer& find, const verifying& how) {
  SMGW_TRY(const auto m, read_signed(message));
  if (!m.content) return fail(errc::malformed, "signed content missing");
  SMGW_TRY(const auto computed, hash(m.hash, *m.content));
  SMGW_CHECK(verify_message(m, computed, find, how));
  return verified{m.type, *m.content, m.key_identifier, m.certificate};
}

expected<void> check_detached(const signed_message& m) {
  if (m.content) return fail(errc::malformed, "signature is not detached");
  if (m.type != content_type::data) return fail(errc::malformed, "type of a detached content");
  return {};
}

expected<verified> verify_detached(bytes_view message, bytes_view content, const find_signer& find,
                                   const verifying& how) {
  SMGW_TRY(const auto m, read_signed(message));
  SMGW_CHECK(check_detached(m));
  SMGW_TRY(const auto computed, hash(m.hash, content));
  SMGW_CHECK(verify_message(m, computed, find, how));
  return verified{m.type, content, m.key_identifier, m.certificate};
}

}  // namespace smgw::cms
