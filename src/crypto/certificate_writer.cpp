// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "crypto/detail/certificate_writer.hpp"

#include "base/check.hpp"
#include "base/time_text.hpp"
#include "crypto/detail/der.hpp"
#include "crypto/detail/oid.hpp"
#include "crypto/hash.hpp"
#include "crypto/signature.hpp"

#include <algorithm>

namespace smgw::crypto::detail {
namespace {

constexpr std::size_t max_attribute = 64;

bytes make_oid(bytes_view prefix, std::uint8_t last) {
  const bytes tail{last};
  return der::make(der::oid, {prefix, tail});
}

bytes extension(std::uint8_t which, bool critical, bytes_view value) {
  const bytes yes{0x01, 0x01, 0xff};
  return der::make(der::sequence, {make_oid(oid::certificate_extension, which),
                                   critical ? bytes_view{yes} : bytes_view{}, der::make(der::octet_string, {value})});
}

bytes attribute(oid::name_attribute which, std::uint8_t type, std::string_view text) {
  return der::make(der::set, {der::make(der::sequence, {make_oid(oid::attribute, which), der::make_text(type, text)})});
}

/// UTCTime up to 2049, GeneralizedTime from then on (RFC 5280 4.1.2.5).
bytes make_time(timestamp t) {
  auto text = to_iso8601(t);
  std::erase_if(text, [](char c) { return c == '-' || c == ':' || c == 'T'; });
  const bool late = text >= "2050";
  return der::make_text(late ? der::generalized_time : der::utc_time, late ? text : text.substr(2));
}

}  // namespace

expected<bytes> make_name(const distinguished_name& name) {
  bytes sets;
  const auto add = [&](oid::name_attribute which, std::uint8_t type, std::string_view text) -> expected<void> {
    if (text.empty()) return {};
    if (text.size() > max_attribute) return fail(errc::malformed, "name: an attribute has at most 64 characters");
    if (!std::ranges::all_of(text, [](char c) { return c >= ' ' && c < 0x7f && c != '"' && c != '\\'; }))
      return fail(errc::malformed, "name: printable ASCII only");
    put(sets, attribute(which, type, text));
    return {};
  };
  const auto& c = name.country;
  if (!c.empty() && (c.size() != 2 || !std::ranges::all_of(c, [](char l) { return l >= 'A' && l <= 'Z'; })))
    return fail(errc::malformed, "name: the country is two capital letters");
  const auto& n = name.serial_number;
  if (n.size() > 10 || !std::ranges::all_of(n, [](char d) { return d >= '0' && d <= '9'; }))
    return fail(errc::malformed, "name: the serial number is digits");
  SMGW_CHECK(add(oid::common_name, der::utf8_string, name.common_name));
  SMGW_CHECK(add(oid::organisation, der::utf8_string, name.organisation));
  SMGW_CHECK(add(oid::organisational_unit, der::utf8_string, name.organisational_unit));
  SMGW_CHECK(add(oid::country, der::printable_string, name.country));
  SMGW_CHECK(add(oid::serial_number, der::printable_string, name.serial_number));
  if (sets.empty()) return fail(errc::malformed, "name: empty");
  return der::make(der::sequence, {sets});
}

bytes make_public_key_info(const key_info& key) {
  const auto algorithm =
      der::make(der::sequence, {der::make(der::oid, {oid::ec_public_key}), der::make(der::oid, {oid::of(key.on)})});
  return der::make(der::sequence, {algorithm, der::make_bit_string(key.public_point)});
}

bytes make_algorithm(hash h) {
  const auto last = static_cast<std::uint8_t>(2 + static_cast<std::uint8_t>(h));
  return der::make(der::sequence, {make_oid(oid::ecdsa_with_sha2, last)});
}

expected<bytes> make_validity(timestamp not_before, timestamp not_after) {
  if (not_after <= not_before) return fail(errc::malformed, "validity: ends before it begins");
  return der::make(der::sequence, {make_time(not_before), make_time(not_after)});
}

bytes key_id_of(bytes_view public_point) {
  auto id = digest(hash::sha256, public_point);
  id.resize(20);
  return id;
}

expected<bytes> sign_object(key_store& keys, const key_info& key, hash h, bytes_view to_be_signed) {
  SMGW_TRY(const auto raw, keys.sign_digest(key.label, digest(h, to_be_signed)));
  SMGW_TRY(const auto signature, signature_to_der(key.on, raw));
  return der::make(der::sequence, {to_be_signed, make_algorithm(h), der::make_bit_string(signature)});
}

expected<bytes> make_to_be_signed(key_store& keys, const certificate_plan& plan) {
  // Random, positive, 8 to 20 octets (detail specification 3 and 4): 16, with the first bits 01.
  std::array<std::uint8_t, 16> serial{};
  SMGW_CHECK(keys.random(serial));
  serial[0] = static_cast<std::uint8_t>((serial[0] & 0x3f) | 0x40);
  const bytes version{0xa0, 0x03, 0x02, 0x01, 0x02};
  const auto extensions = der::make(der::context(3), {der::make(der::sequence, {plan.extensions})});
  return der::make(der::sequence, {version, der::make_unsigned(serial), make_algorithm(plan.signature_hash),
                                   plan.issuer, plan.validity, plan.subject, plan.public_key_info, extensions});
}

bytes extension_key_usage(std::initializer_list<std::uint8_t> bits, bool critical) {
  // One octet holds bits 0 to 7; DER cuts trailing zero bits.
  std::uint8_t value = 0;
  for (const auto b : bits) value = static_cast<std::uint8_t>(value | (0x80 >> b));
  const bytes content{static_cast<std::uint8_t>(std::countr_zero(value)), value};
  return extension(oid::key_usage, critical, der::make(der::bit_string, {content}));
}

bytes extension_basic_constraints(bool ca, std::optional<std::uint8_t> path_length, bool critical) {
  bytes body;
  if (ca) put(body, bytes{0x01, 0x01, 0xff});
  if (path_length) put(body, bytes{0x02, 0x01, *path_length});
  return extension(oid::basic_constraints, critical, der::make(der::sequence, {body}));
}

bytes extension_extended_usage(bool server, bool client, bool critical) {
  bytes body;
  if (server) put(body, make_oid(oid::key_purpose, oid::server_auth));
  if (client) put(body, make_oid(oid::key_purpose, oid::client_auth));
  return extension(oid::extended_key_usage, critical, der::make(der::sequence, {body}));
}

bytes extension_dns_name(std::uint8_t which, std::string_view name, bool critical) {
  return extension(which, critical, der::make(der::sequence, {der::make_text(der::context_primitive(2), name)}));
}

bytes extension_subject_key_id(bytes_view id) {
  return extension(oid::subject_key_id, false, der::make(der::octet_string, {id}));
}

bytes extension_authority_key_id(bytes_view id) {
  return extension(oid::authority_key_id, false,
                   der::make(der::sequence, {der::make(der::context_primitive(0), {id})}));
}

bytes extension_policy() {
  const auto policy = der::make(der::sequence, {der::make(der::oid, {oid::sm_pki_policy})});
  return extension(oid::certificate_policies, false, der::make(der::sequence, {policy}));
}

bytes extension_crl_point(std::string_view uri) {
  const auto full_name = der::make(der::context(0), {der::make_text(der::context_primitive(6), uri)});
  const auto point = der::make(der::sequence, {der::make(der::context(0), {full_name})});
  return extension(oid::crl_distribution_points, false, der::make(der::sequence, {point}));
}

bool is_dns_name(std::string_view name) {
  const auto allowed = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.';
  };
  return !name.empty() && name.size() <= 253 && std::ranges::all_of(name, allowed) && name.front() != '.' &&
         name.back() != '.' && name.find("..") == std::string_view::npos;
}

}  // namespace smgw::crypto::detail
