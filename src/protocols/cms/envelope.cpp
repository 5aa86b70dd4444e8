// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "protocols/cms/envelope.hpp"

#include "base/check.hpp"
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

}  // namespace

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

bytes additional_data(bytes_view attributes) { return attributes.empty() ? bytes{} : der::make(der::set, attributes); }

}  // namespace smgw::cms
