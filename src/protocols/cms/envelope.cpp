// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "protocols/cms/envelope.hpp"

#include "base/check.hpp"
#include "base/octets.hpp"
#include "protocols/cms/attributes.hpp"
#include "protocols/cms/oids.hpp"
#include "protocols/cms/primitives.hpp"

#include <algorithm>
#include <array>

namespace smgw::cms {
namespace {

constexpr std::size_t gcm_nonce = 12;
constexpr std::size_t cbc_iv = 16;
constexpr std::array<std::uint8_t, cbc_iv> zero_iv{};

expected<void> read_originator(bytes_view in, envelope& e) {
  SMGW_TRY(const auto choice, der::only(in, der::constructed(1)));
  der::reader r{choice};
  SMGW_TRY(const auto algorithm, r.next(der::sequence));
  SMGW_TRY(const auto point, r.next(der::bit_string));
  SMGW_CHECK(r.finish());
  der::reader a{algorithm};
  SMGW_TRY(const auto oid, a.next());
  if (!std::ranges::equal(oid.whole, oids::ec_public_key)) return fail(errc::unsupported, "originator key algorithm");
  if (!a.done()) {
    SMGW_TRY(const auto curve_oid, a.next());
    if (curve_oid.tag != der::oid) return fail(errc::malformed, "originator curve");
    e.originator_curve = curve_oid.whole;
  }
  SMGW_CHECK(a.finish());
  if (point.empty() || point[0] != 0) return fail(errc::malformed, "originator key");
  e.originator_point = point.subspan(1);
  return {};
}

expected<void> read_recipient_info(bytes_view set, const opening& how, envelope& e) {
  // One entry, and that a KeyAgreeRecipientInfo.
  SMGW_TRY(const auto kari, der::only(set, der::constructed(1)));
  der::reader r{kari};
  SMGW_TRY(const auto version, r.next_small());
  if (version != 3) return fail(errc::malformed, "KeyAgreeRecipientInfo version");
  SMGW_TRY(const auto originator, r.next(der::constructed(0)));
  SMGW_CHECK(read_originator(originator, e));
  SMGW_TRY(const auto algorithm, r.next(der::sequence));  // ukm, [1], is refused here by its tag
  SMGW_TRY(e.recipients, r.next(der::sequence));
  SMGW_CHECK(r.finish());

  der::reader a{algorithm};
  SMGW_TRY(const auto scheme, a.next());
  SMGW_TRY(const auto parameter, a.next(der::sequence));
  SMGW_CHECK(a.finish());
  SMGW_TRY(const auto wrap_oid, der::reader{parameter}.next());
  if (wrap_oid.whole.size() != parameter.size()) return fail(errc::malformed, "parameters of the key wrap");
  const auto kdf = oids::to_kdf(how.agreement, scheme.whole);
  const auto wrap = oids::to_key_wrap(wrap_oid.whole);
  if (!kdf || !wrap) return fail(errc::unsupported, "key agreement or key wrap");
  e.suite.kdf = *kdf;
  e.suite.wrap = *wrap;
  return {};
}

expected<void> read_gcm_parameters(der::reader& algorithm, envelope& e) {
  SMGW_TRY(const auto parameters, algorithm.next(der::sequence));
  der::reader r{parameters};
  SMGW_TRY(e.iv, r.next(der::octet_string));
  if (e.iv.size() != gcm_nonce) return fail(errc::malformed, "GCM nonce");
  // REQ.CMS.AuthEnvelopedData.70: the length is explicit; the default of the ASN.1 is not taken.
  SMGW_TRY(const auto length, r.next_small());
  SMGW_CHECK(r.finish());
  if (length < min_tag_octets || length > tag_octets) return fail(errc::malformed, "GCM tag length");
  e.tag_octets = length;
  return {};
}

expected<void> read_cbc_parameters(der::reader& algorithm, envelope& e) {
  e.iv = zero_iv;
  if (algorithm.done()) return {};
  SMGW_TRY(const auto parameters, algorithm.next());
  if (parameters.tag != der::sequence) return fail(errc::malformed, "CBC-CMAC parameters");
  der::reader r{parameters.content};
  SMGW_TRY(e.iv, r.next(der::octet_string));
  if (e.iv.size() != cbc_iv) return fail(errc::malformed, "CBC IV");
  // aes-MacLen: 16 is the default, so that DER leaves it out; other lengths are not used (REQ.CMS.AesCbcCmac.90).
  SMGW_CHECK(r.finish());
  e.cbc_parameters = parameters.whole;
  return {};
}

/// Table 5.5 on authAttrs, and REQ.CMS.AesCbcCmac.110.
expected<void> check_attributes(const envelope& e, bool present) {
  if (!present) {
    if (e.type != content_type::data) return fail(errc::malformed, "authAttrs missing");
    if (!e.cbc_parameters.empty()) return fail(errc::malformed, "CBC-CMAC parameters are not authenticated");
    return {};
  }
  SMGW_TRY(const auto list, decode_attributes(e.attributes));
  const auto* type = find_attribute(list, oids::attribute_content_type);
  if (type == nullptr && e.type != content_type::data) return fail(errc::malformed, "content-type attribute missing");
  if (type != nullptr && !std::ranges::equal(*type, oids::of(e.type)))
    return fail(errc::malformed, "content-type attribute differs");
  const auto* parameters = find_attribute(list, oids::attribute_cbc_cmac_parameters);
  const auto authenticated = parameters == nullptr ? bytes_view{} : *parameters;
  if (!std::ranges::equal(authenticated, e.cbc_parameters))
    return fail(errc::malformed, "CBC-CMAC parameters are not authenticated");
  return {};
}

struct own_entry {
  own_key key;
  bytes_view encrypted_key;
};

expected<bytes_view> read_key_identifier(bytes_view rid) {
  der::reader r{rid};
  SMGW_TRY(const auto identifier, r.next(der::octet_string));
  // date stays away; other may follow (table 5.5)
  SMGW_CHECK(r.next_if(der::sequence));
  SMGW_CHECK(r.finish());
  if (identifier.empty() || identifier.size() > max_key_identifier) return fail(errc::malformed, "key identifier");
  return identifier;
}

/// All entries are read, the first of ours is taken.
expected<own_entry> find_recipient(const envelope& e, const find_own_key& find) {
  std::optional<own_entry> ours;
  der::reader r{e.recipients};
  std::size_t count = 0;
  do {
    if (++count > max_recipients) return fail(errc::exhausted, "too many recipients");
    SMGW_TRY(const auto entry, r.next(der::sequence));
    der::reader inner{entry};
    SMGW_TRY(const auto rid, inner.next(der::constructed(0)));
    SMGW_TRY(const auto encrypted_key, inner.next(der::octet_string));
    SMGW_CHECK(inner.finish());
    SMGW_TRY(const auto identifier, read_key_identifier(rid));
    if (ours) continue;
    auto key = find(identifier);
    if (key)
      ours = own_entry{*std::move(key), encrypted_key};
    else if (key.error().code != errc::denied)
      return std::unexpected{key.error()};
  } while (!r.done());
  if (!ours) return fail(errc::denied, "message for other recipients");
  return *std::move(ours);
}

expected<secret> content_key(const envelope& e, const own_entry& ours, const opening& how) {
  if (!e.originator_curve.empty() && !std::ranges::equal(e.originator_curve, oids::of(ours.key.group)))
    return fail(errc::malformed, "originator key on another curve");
  if (ours.encrypted_key.size() != key_material_octets(e.suite.content) + 8)
    return fail(errc::malformed, "length of the wrapped key");
  SMGW_CHECK(check_point(ours.key.group, e.originator_point));
  SMGW_TRY(const auto z, ours.key.agree(e.originator_point));
  if (z.size() != field_octets(ours.key.group)) return fail(errc::internal, "size of the shared secret");
  SMGW_TRY(const auto kek, derive_key(e.suite.kdf, e.suite.wrap, how.info, z.reveal()));
  return unwrap_key(kek, ours.encrypted_key);
}

}  // namespace

expected<void> read_start(der::reader& r, const opening& how, envelope& e) {
  SMGW_TRY(const auto version, r.next_small());
  if (version != 0) return fail(errc::malformed, "AuthEnvelopedData version");
  SMGW_TRY(const auto recipients, r.next(der::set));  // originatorInfo, [0], is refused here by its tag
  return read_recipient_info(recipients, how, e);
}

expected<void> read_content_algorithm(const der::element& type, bytes_view algorithm, envelope& e) {
  if (type.tag != der::oid) return fail(errc::malformed, "type of the content");
  const auto known = oids::to_content_type(type.whole);
  if (!known || (*known != content_type::data && *known != content_type::compressed_data))
    return fail(errc::unsupported, "type of the content");
  e.type = *known;
  der::reader a{algorithm};
  SMGW_TRY(const auto oid, a.next());
  const auto cipher_used = oids::to_cipher(oid.whole);
  if (!cipher_used) return fail(errc::unsupported, "content encryption");
  e.suite.content = *cipher_used;
  SMGW_CHECK(is_gcm(e.suite.content) ? read_gcm_parameters(a, e) : read_cbc_parameters(a, e));
  return a.finish();
}

expected<void> read_end(der::reader& r, envelope& e) {
  SMGW_TRY(const auto attributes, r.next_if(der::constructed(1)));
  SMGW_TRY(e.mac, r.next(der::octet_string));
  SMGW_CHECK(r.finish());  // unauthAttrs, [2]
  if (e.mac.size() != e.tag_octets) return fail(errc::malformed, "length of the MAC");
  e.attributes = attributes.value_or(bytes_view{});
  return check_attributes(e, attributes.has_value());
}

expected<secret> find_content_key(const envelope& e, const find_own_key& find, const opening& how) {
  if (!std::ranges::contains(how.suites, e.suite)) return fail(errc::denied, "encryption suite");
  if (e.tag_octets < how.shortest_tag) return fail(errc::denied, "length of the MAC");
  SMGW_TRY(const auto ours, find_recipient(e, find));
  return content_key(e, ours, how);
}

bytes additional_data(bytes_view attributes) { return attributes.empty() ? bytes{} : der::make(der::set, attributes); }

}  // namespace smgw::cms
