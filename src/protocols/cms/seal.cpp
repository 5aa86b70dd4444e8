// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "base/check.hpp"
#include "base/octets.hpp"
#include "protocols/cms/attributes.hpp"
#include "protocols/cms/der.hpp"
#include "protocols/cms/oids.hpp"
#include "protocols/cms/primitives.hpp"
#include "protocols/cms/sealed_frame.hpp"

namespace smgw::cms {
namespace {

constexpr std::size_t gcm_nonce = 12;
constexpr std::size_t cbc_iv = 16;

/// RecipientInfos with one KeyAgreeRecipientInfo, table 5.5.
bytes recipient_infos(const recipient& to, const sealing& how, bytes_view ephemeral_point, bytes_view encrypted_key) {
  using der::make;
  const auto algorithm = make(der::sequence, {oids::ec_public_key, oids::of(to.key.group)});
  const bytes unused_bits{0};
  const auto key = make(der::bit_string, {unused_bits, ephemeral_point});
  const auto originator = make(der::constructed(0), make(der::constructed(1), {algorithm, key}));
  const auto wrap = make(der::sequence, oids::of(how.suite.wrap));
  const auto encryption = make(der::sequence, {oids::of(how.agreement, how.suite.kdf), wrap});
  const auto rid = make(der::constructed(0), make(der::octet_string, to.key_identifier));
  const auto keys = make(der::sequence, make(der::sequence, {rid, make(der::octet_string, encrypted_key)}));
  const bytes version{der::integer, 1, 3};
  return make(der::set, make(der::constructed(1), {version, originator, encryption, keys}));
}

/// AlgorithmIdentifier of the content encryption (RFC 5084; REQ.CMS.AuthEnvelopedData.50, .70, .80), and the parameters
/// alone, as they go into an attribute.
struct content_algorithm {
  bytes parameters;
  bytes identifier;
};
content_algorithm algorithm_of(const sealing& how, bytes_view iv) {
  content_algorithm a;
  if (is_gcm(how.suite.content)) {
    const bytes length{der::integer, 1, tag_octets};
    a.parameters = der::make(der::sequence, {der::make(der::octet_string, iv), length});
  } else if (how.cbc_parameters) {
    // aes-MacLen is 16, the default, hence left out.
    a.parameters = der::make(der::sequence, der::make(der::octet_string, iv));
  }
  a.identifier = der::make(der::sequence, {oids::of(how.suite.content), a.parameters});
  return a;
}

bytes attributes_of(const sealing& how, const content_algorithm& algorithm) {
  std::vector<attribute> list;
  const bool parameters = how.cbc_parameters && !is_gcm(how.suite.content);
  if (how.type != content_type::data || parameters) list.push_back({oids::attribute_content_type, oids::of(how.type)});
  if (parameters) list.push_back({oids::attribute_cbc_cmac_parameters, algorithm.parameters});
  return encode_attributes(list);
}

expected<bytes> make_iv(const sealing& how, const key_source& keys) {
  bytes iv(is_gcm(how.suite.content) ? gcm_nonce : cbc_iv);
  // Without parameters the CBC IV is zero: Kenc serves one message only (REQ.CMS.AesCbcCmac.50).
  if (is_gcm(how.suite.content) || how.cbc_parameters) SMGW_CHECK(keys.random(iv));
  return iv;
}

}  // namespace

expected<sealed_frame> frame_envelope(std::size_t content_size, const recipient& to, const sealing& how,
                                      const key_source& keys) {
  if (how.type != content_type::data && how.type != content_type::compressed_data)
    return fail(errc::unsupported, "content type to seal");
  SMGW_CHECK(check_point(to.key.group, to.key.point));

  // Key transport: ECKA-EG with a pair made for this message (4.1 of the key agreement in TR-03111 4.3.2).
  SMGW_TRY(const auto pair, keys.make_ephemeral(to.key.group));
  SMGW_CHECK(check_point(to.key.group, pair.public_point));
  SMGW_TRY(const auto z, pair.agree(to.key.point));
  if (z.size() != field_octets(to.key.group)) return fail(errc::internal, "size of the shared secret");
  SMGW_TRY(const auto kek, derive_key(how.suite.kdf, how.suite.wrap, how.info, z.reveal()));
  sealed_frame f;
  f.key = secret{key_material_octets(how.suite.content)};
  SMGW_CHECK(keys.random(f.key.writable()));
  SMGW_TRY(const auto encrypted_key, wrap_key(kek, f.key));

  SMGW_TRY(f.iv, make_iv(how, keys));
  const auto algorithm = algorithm_of(how, f.iv);
  f.attributes = attributes_of(how, algorithm);
  f.aad = f.attributes.empty() ? bytes{} : der::make(der::set, f.attributes);
  const auto recipients = recipient_infos(to, how, pair.public_point, encrypted_key);

  // The MAC has a fixed size, so that every length is known before the content is.
  f.ciphertext_octets = ciphertext_octets(how.suite.content, content_size);
  const auto type = oids::of(how.type);
  const auto content_info =
      type.size() + algorithm.identifier.size() + der::header_size(f.ciphertext_octets) + f.ciphertext_octets;
  const bytes version{der::integer, 1, 0};
  const auto total = version.size() + recipients.size() + der::header_size(content_info) + content_info + f.aad.size() +
                     2 + tag_octets;
  f.message_octets = der::header_size(total) + total;
  der::put_header(f.head, der::sequence, total);
  put(f.head, version);
  put(f.head, recipients);
  der::put_header(f.head, der::sequence, content_info);
  put(f.head, type);
  put(f.head, algorithm.identifier);
  der::put_header(f.head, der::context(0), f.ciphertext_octets);
  return f;
}

bytes sealed_frame::tail(bytes_view mac) const {
  bytes out;
  if (!aad.empty()) der::put_element(out, der::constructed(1), attributes);
  der::put_element(out, der::octet_string, mac);
  return out;
}

expected<bytes> seal(bytes_view content, const recipient& to, const sealing& how, const key_source& keys) {
  if (content.size() > max_message) return fail(errc::exhausted, "content too long");
  SMGW_TRY(const auto f, frame_envelope(content.size(), to, how, keys));
  // The content is copied once, into its place in the message, and encrypted there.
  bytes out;
  out.reserve(f.message_octets);
  put(out, f.head);
  put(out, content);
  out.resize(f.head.size() + f.ciphertext_octets);
  SMGW_TRY(const auto mac,
           encrypt(how.suite.content, f.key, f.iv, f.aad, std::span{out}.subspan(f.head.size()), content.size()));
  put(out, f.tail(mac));
  return out;
}

}  // namespace smgw::cms
