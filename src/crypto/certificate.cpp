// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "crypto/certificate.hpp"

#include "base/check.hpp"
#include "base/time_text.hpp"
#include "crypto/detail/der.hpp"
#include "crypto/detail/oid.hpp"
#include "crypto/detail/x509.hpp"
#include "crypto/hash.hpp"

#include <botan/base64.h>

#include <algorithm>
#include <set>

namespace smgw::crypto {
namespace {

namespace der = detail::der;
namespace oid = detail::oid;

constexpr std::size_t max_extensions = 24;
constexpr std::size_t max_dns_names = 8;

/// UTCTime or GeneralizedTime in the forms of RFC 5280 4.1.2.5: seconds, `Z`, no fractions.
expected<timestamp> next_time(bytes_view& in) {
  SMGW_TRY(const auto e, der::next(in));
  auto text = std::string{as_text(e.content)};
  if (e.tag == der::utc_time && text.size() == 13) {
    text.insert(0, text[0] >= '5' ? "19" : "20");
  } else if (e.tag != der::generalized_time || text.size() != 15) {
    return fail(errc::malformed, "validity: not a time of RFC 5280");
  }
  if (text.back() != 'Z') return fail(errc::malformed, "validity: not UTC");
  return parse_iso8601(text.substr(0, 4) + '-' + text.substr(4, 2) + '-' + text.substr(6, 2) + 'T' + text.substr(8, 2) +
                       ':' + text.substr(10, 2) + ':' + text.substr(12, 2) + 'Z');
}

expected<void> read_key_usage(bytes_view in, bool critical, certificate& out) {
  SMGW_TRY(const auto bits, der::next(in, der::bit_string));
  SMGW_CHECK(der::at_end(in));
  if (bits.empty() || bits.size() > 3 || bits[0] > 7) return fail(errc::malformed, "KeyUsage");
  const auto has = [&](std::size_t n) {
    return bits.size() > 1 + n / 8 && ((bits[1 + n / 8] >> (7 - n % 8)) & 1) != 0;
  };
  out.usage = {.present = true,
               .critical = critical,
               .digital_signature = has(0),
               .key_agreement = has(4),
               .key_cert_sign = has(5),
               .crl_sign = has(6),
               .other = has(1) || has(2) || has(3) || has(7) || has(8)};
  return {};
}

expected<void> read_extended_usage(bytes_view in, certificate& out) {
  SMGW_TRY(auto list, der::next(in, der::sequence));
  SMGW_CHECK(der::at_end(in));
  out.has_extended_usage = true;
  while (!list.empty()) {
    SMGW_TRY(const auto id, der::next(list, der::oid));
    if (id.size() != oid::key_purpose.size() + 1 || !std::ranges::equal(id.first(id.size() - 1), oid::key_purpose))
      continue;
    if (id.back() == oid::server_auth) out.server_auth = true;
    if (id.back() == oid::client_auth) out.client_auth = true;
  }
  return {};
}

expected<void> read_basic_constraints(bytes_view in, certificate& out) {
  SMGW_TRY(auto body, der::next(in, der::sequence));
  SMGW_CHECK(der::at_end(in));
  if (der::at(body, der::boolean)) {
    SMGW_TRY(const auto ca, der::next(body, der::boolean));
    if (ca.size() != 1 || ca[0] != 0xff) return fail(errc::malformed, "BasicConstraints: cA");
    out.is_ca = true;
  }
  if (der::at(body, der::integer)) {
    SMGW_TRY(const auto length, der::next_unsigned(body));
    if (length.size() != 1 || !out.is_ca) return fail(errc::malformed, "BasicConstraints: path length");
    out.path_length = length[0];
  }
  return der::at_end(body);
}

expected<void> read_alternative_names(bytes_view in, certificate& out) {
  SMGW_TRY(auto names, der::next(in, der::sequence));
  SMGW_CHECK(der::at_end(in));
  while (!names.empty()) {
    SMGW_TRY(const auto name, der::next(names));
    if (name.tag != der::context_primitive(2)) continue;  // dNSName [2] IA5String
    if (out.dns_names.size() >= max_dns_names) return fail(errc::exhausted, "too many alternative names");
    const auto text = as_text(name.content);
    if (!std::ranges::all_of(text, [](char c) { return c > ' ' && c < 0x7f; }))
      return fail(errc::malformed, "alternative name: not a DNS name");
    out.dns_names.emplace_back(text);
  }
  return {};
}

expected<void> read_key_ids(std::uint8_t which, bytes_view in, certificate& out) {
  if (which == oid::subject_key_id) {
    SMGW_TRY(const auto id, der::next(in, der::octet_string));
    out.subject_key_id.assign(id.begin(), id.end());
    return der::at_end(in);
  }
  SMGW_TRY(auto body, der::next(in, der::sequence));
  if (der::at(body, der::context_primitive(0))) {
    SMGW_TRY(const auto id, der::next(body));
    out.authority_key_id.assign(id.content.begin(), id.content.end());
  }
  return der::at_end(in);  // authorityCertIssuer and serial number may follow inside; they are not used here
}

expected<void> read_extension(bytes_view in, std::set<bytes>& seen, certificate& out) {
  SMGW_TRY(const auto id, der::next(in, der::oid));
  bool critical = false;
  if (der::at(in, der::boolean)) {
    SMGW_TRY(const auto value, der::next(in, der::boolean));
    if (value.size() != 1 || value[0] != 0xff) return fail(errc::malformed, "extension: criticality");
    critical = true;
  }
  SMGW_TRY(const auto value, der::next(in, der::octet_string));
  SMGW_CHECK(der::at_end(in));
  if (!seen.emplace(id.begin(), id.end()).second) return fail(errc::malformed, "extension twice");
  if (seen.size() > max_extensions) return fail(errc::exhausted, "too many extensions");
  if (id.size() == 3 && std::ranges::equal(id.first(2), oid::certificate_extension)) switch (id[2]) {
      case oid::subject_key_id:
      case oid::authority_key_id: return read_key_ids(id[2], value, out);
      case oid::key_usage: return read_key_usage(value, critical, out);
      case oid::extended_key_usage: return read_extended_usage(value, out);
      case oid::basic_constraints: return read_basic_constraints(value, out);
      case oid::subject_alt_name: return read_alternative_names(value, out);
      default: break;
    }
  if (critical) return fail(errc::unsupported, "an unknown critical extension");
  return {};
}

expected<void> read_to_be_signed(bytes_view in, const detail::signed_object& outer, certificate& out) {
  SMGW_TRY(auto body, der::next(in, der::sequence));
  if (!der::at(body, der::context(0))) return fail(errc::unsupported, "certificate: not version 3");
  SMGW_TRY(const auto version, der::next(body, der::context(0)));
  if (!std::ranges::equal(version, bytes{0x02, 0x01, 0x02}))
    return fail(errc::unsupported, "certificate: not version 3");
  SMGW_TRY(const auto serial, der::next_unsigned(body));
  if (serial.size() > 20) return fail(errc::malformed, "certificate: serial number too long");
  out.serial.assign(serial.begin(), serial.end());
  SMGW_TRY(const auto algorithm, der::next(body));
  if (!std::ranges::equal(algorithm.whole, outer.algorithm))
    return fail(errc::malformed, "certificate: two different signature algorithms");
  SMGW_TRY(const auto issuer, detail::next_name(body));
  out.issuer.assign(issuer.whole.begin(), issuer.whole.end());
  out.issuer_cn = issuer.common_name;
  SMGW_TRY(auto validity, der::next(body, der::sequence));
  SMGW_TRY(out.not_before, next_time(validity));
  SMGW_TRY(out.not_after, next_time(validity));
  SMGW_CHECK(der::at_end(validity));
  if (out.not_after < out.not_before) return fail(errc::malformed, "certificate: ends before it begins");
  SMGW_TRY(const auto subject, detail::next_name(body));
  out.subject.assign(subject.whole.begin(), subject.whole.end());
  out.subject_cn = subject.common_name;
  out.subject_text = subject.text;
  SMGW_TRY(auto key, detail::next_public_key(body));
  out.on = key.on;
  out.public_point = std::move(key.point);
  if (body.empty()) return {};
  // Unique ids are forbidden by every profile here, so only the extensions may follow.
  SMGW_TRY(auto wrapped, der::next(body, der::context(3)));
  SMGW_CHECK(der::at_end(body));
  SMGW_TRY(auto extensions, der::next(wrapped, der::sequence));
  SMGW_CHECK(der::at_end(wrapped));
  std::set<bytes> seen;
  while (!extensions.empty()) {
    SMGW_TRY(const auto one, der::next(extensions, der::sequence));
    SMGW_CHECK(read_extension(one, seen, out));
  }
  return {};
}

expected<certificate> read_der(bytes_view in) {
  if (in.size() > max_certificate_size) return fail(errc::exhausted, "certificate larger than 4096 octets");
  SMGW_TRY(const auto outer, detail::read_signed(in));
  certificate out;
  out.der.assign(in.begin(), in.end());
  out.signature_hash = outer.signature_hash;
  SMGW_CHECK(read_to_be_signed(outer.to_be_signed, outer, out));
  out.fingerprint = sha256(in);
  return out;
}

bool blank(bytes_view in) {
  return std::ranges::all_of(in, [](std::uint8_t c) { return c == ' ' || c == '\n' || c == '\r' || c == '\t'; });
}

}  // namespace

expected<certificate> parse_certificate(bytes_view der_or_pem) {
  if (der_or_pem.size() > 4 * max_certificate_size) return fail(errc::exhausted, "certificate too large");
  SMGW_TRY(const auto unpacked, detail::unpack_pem(der_or_pem, "CERTIFICATE"));
  if (!blank(unpacked.rest)) return fail(errc::malformed, "more than one certificate");
  return read_der(unpacked.der);
}

expected<std::vector<certificate>> parse_certificates(bytes_view der_or_pem) {
  std::vector<certificate> out;
  auto rest = der_or_pem;
  if (rest.empty()) return fail(errc::truncated, "no certificate");
  while (!blank(rest)) {
    if (out.size() >= max_chain_length) return fail(errc::exhausted, "chain longer than 4 certificates");
    if (rest[0] == der::sequence) {
      auto before = rest;
      SMGW_TRY(const auto one, der::next(rest));
      SMGW_TRY(auto c, read_der(before.first(one.whole.size())));
      out.push_back(std::move(c));
    } else {
      SMGW_TRY(const auto one, detail::unpack_pem(rest, "CERTIFICATE"));
      rest = one.rest;
      SMGW_TRY(auto c, read_der(one.der));
      out.push_back(std::move(c));
    }
  }
  if (out.empty()) return fail(errc::truncated, "no certificate");
  return out;
}

std::string to_pem(std::string_view label, bytes_view der) {
  const auto text = Botan::base64_encode(der);
  std::string out = "-----BEGIN " + std::string{label} + "-----\n";
  for (std::size_t i = 0; i < text.size(); i += 64) out += text.substr(i, 64) + '\n';
  return out + "-----END " + std::string{label} + "-----\n";
}
std::string to_pem(const certificate& c) { return to_pem("CERTIFICATE", c.der); }

}  // namespace smgw::crypto
