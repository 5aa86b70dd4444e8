// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "base/check.hpp"
#include "base/octets.hpp"
#include "protocols/cms/attributes.hpp"
#include "protocols/cms/der.hpp"
#include "protocols/cms/oids.hpp"
#include "protocols/cms/primitives.hpp"
#include "protocols/cms/signed_message.hpp"

namespace smgw::cms {
namespace {

using der::make;

/// SignerInfo of table 5.6 over a content of which only the digest is needed.
expected<bytes> signer_info(bytes_view content_digest, content_type type, const signer& by) {
  const auto digest_value = make(der::octet_string, content_digest);
  const auto attributes = encode_attributes(
      {{oids::attribute_content_type, oids::of(type)}, {oids::attribute_message_digest, digest_value}});
  // What is signed has the tag of a SET OF, what is sent [0] (RFC 5652, 5.4).
  SMGW_TRY(const auto to_sign, hash(by.hash, make(der::set, attributes)));
  SMGW_TRY(const auto plain, by.sign(to_sign));
  if (plain.size() != 2 * field_octets(by.group)) return fail(errc::internal, "size of the signature");
  const bytes version{der::integer, 1, 3};
  return make(der::sequence, {version, make(der::context(0), by.key_identifier), make(der::sequence, oids::of(by.hash)),
                              make(der::constructed(0), attributes), make(der::sequence, oids::signature(by.hash)),
                              make(der::octet_string, der::signature_from_plain(plain))});
}

expected<bytes> sign_message(bytes_view content, content_type type, const signer& by, bool detached) {
  if (content.size() > max_message + max_message / 4) return fail(errc::exhausted, "content too long");
  SMGW_TRY(const auto digest_value, hash(by.hash, content));
  SMGW_TRY(const auto frame,
           frame_signature(digest_value, detached ? std::nullopt : std::optional{content.size()}, type, by));
  bytes out;
  out.reserve(frame.head.size() + content.size() + frame.tail.size());
  put(out, frame.head);
  if (!detached) put(out, content);
  put(out, frame.tail);
  return out;
}

}  // namespace

expected<signature_frame> frame_signature(bytes_view content_digest, std::optional<std::size_t> enclosed,
                                          content_type type, const signer& by) {
  if (type == content_type::signed_data || type == content_type::compressed_data)
    return fail(errc::unsupported, "content type to sign");
  if (by.key_identifier.empty() || by.key_identifier.size() > max_key_identifier)
    return fail(errc::malformed, "key identifier of the signer");
  SMGW_TRY(const auto info, signer_info(content_digest, type, by));
  const bytes version{der::integer, 1, 3};
  const auto digests = make(der::set, make(der::sequence, oids::of(by.hash)));
  const auto oid = oids::of(type);
  const auto octets = enclosed ? der::header_size(*enclosed) + *enclosed : 0;
  const auto encapsulated = oid.size() + (enclosed ? der::header_size(octets) + octets : 0);
  const auto certificates = by.certificate.empty() ? bytes{} : make(der::constructed(0), by.certificate);
  const auto signers = make(der::set, info);
  const auto signed_data = version.size() + digests.size() + der::header_size(encapsulated) + encapsulated +
                           certificates.size() + signers.size();
  const auto wrapped = der::header_size(signed_data) + signed_data;
  const auto outer = oids::signed_data.size() + der::header_size(wrapped) + wrapped;

  signature_frame f;
  der::put_header(f.head, der::sequence, outer);
  put(f.head, oids::signed_data);
  der::put_header(f.head, der::constructed(0), wrapped);
  der::put_header(f.head, der::sequence, signed_data);
  put(f.head, version);
  put(f.head, digests);
  der::put_header(f.head, der::sequence, encapsulated);
  put(f.head, oid);
  if (enclosed) {
    der::put_header(f.head, der::constructed(0), octets);
    der::put_header(f.head, der::octet_string, *enclosed);
  }
  put(f.tail, certificates);
  put(f.tail, signers);
  return f;
}

expected<bytes> sign(bytes_view content, content_type type, const signer& by) {
  return sign_message(content, type, by, false);
}

expected<bytes> sign_detached(bytes_view content, const signer& by) {
  return sign_message(content, content_type::data, by, true);
}

}  // namespace smgw::cms
