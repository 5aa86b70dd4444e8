// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "crypto/detail/x509.hpp"

#include "base/check.hpp"
#include "crypto/detail/botan.hpp"
#include "crypto/detail/der.hpp"
#include "crypto/detail/oid.hpp"
#include "crypto/hash.hpp"
#include "crypto/signature.hpp"

#include <botan/base64.h>

#include <algorithm>

namespace smgw::crypto::detail {
namespace {

constexpr std::size_t max_name_attributes = 16;

bool starts_with(bytes_view value, bytes_view prefix) {
  return value.size() == prefix.size() + 1 && std::ranges::equal(value.first(prefix.size()), prefix);
}

expected<hash> hash_of_algorithm(bytes_view algorithm) {
  SMGW_TRY(auto body, der::next(algorithm, der::sequence));
  SMGW_TRY(const auto id, der::next(body, der::oid));
  // Parameters are absent by RFC 5480; NULL is accepted too (TR-03111 5.2).
  if (!body.empty() && !std::ranges::equal(body, bytes{0x05, 0x00}))
    return fail(errc::unsupported, "signature algorithm with parameters");
  if (!starts_with(id, oid::ecdsa_with_sha2)) return fail(errc::unsupported, "signature algorithm other than ECDSA");
  switch (id.back()) {
    case 2: return hash::sha256;
    case 3: return hash::sha384;
    case 4: return hash::sha512;
    default: return fail(errc::unsupported, "ECDSA with another hash than SHA-256, 384 or 512");
  }
}

/// What people may see: control characters and quotes are replaced, so a name cannot forge a log line.
std::string printable(bytes_view text) {
  std::string out;
  for (const auto c : text) out.push_back(c < 0x20 || c == 0x7f || c == '"' || c == '\\' ? '?' : static_cast<char>(c));
  return out;
}

std::string_view attribute_name(bytes_view id) {
  if (!starts_with(id, oid::attribute)) return "?";
  switch (id.back()) {
    case oid::common_name: return "CN";
    case oid::serial_number: return "serialNumber";
    case oid::country: return "C";
    case oid::organisation: return "O";
    case oid::organisational_unit: return "OU";
    case 7: return "L";
    case 8: return "ST";
    default: return "?";
  }
}

}  // namespace

expected<signed_object> read_signed(bytes_view in) {
  SMGW_TRY(auto body, der::next(in, der::sequence));
  SMGW_CHECK(der::at_end(in));
  signed_object out;
  SMGW_TRY(const auto tbs, der::next(body));
  if (tbs.tag != der::sequence) return fail(errc::malformed, "not a signed object");
  SMGW_TRY(const auto algorithm, der::next(body));
  SMGW_TRY(const auto signature, der::next(body, der::bit_string));
  SMGW_CHECK(der::at_end(body));
  if (signature.empty() || signature[0] != 0) return fail(errc::malformed, "signature: unused bits");
  out.to_be_signed = tbs.whole;
  out.algorithm = algorithm.whole;
  SMGW_TRY(out.signature_hash, hash_of_algorithm(algorithm.whole));
  out.signature = signature.subspan(1);
  return out;
}

expected<void> verify_signed(const signed_object& s, curve on, bytes_view public_point) {
  const auto raw = signature_from_der(on, s.signature);
  if (!raw) return fail(errc::untrusted, "signature: not one of this key's curve");
  const auto verified = verify_signature(on, public_point, digest(s.signature_hash, s.to_be_signed), *raw);
  if (!verified) return fail(errc::untrusted, verified.error().what);
  return {};
}

expected<public_key> next_public_key(bytes_view& in) {
  public_key out;
  SMGW_TRY(const auto info, der::next(in));
  if (info.tag != der::sequence) return fail(errc::malformed, "not a public key");
  out.whole = info.whole;
  auto body = info.content;
  SMGW_TRY(auto algorithm, der::next(body, der::sequence));
  SMGW_TRY(const auto id, der::next(algorithm, der::oid));
  if (!std::ranges::equal(id, oid::ec_public_key)) return fail(errc::unsupported, "public key other than EC");
  if (!der::at(algorithm, der::oid)) return fail(errc::unsupported, "EC parameters other than a named curve");
  SMGW_TRY(const auto named, der::next(algorithm, der::oid));
  SMGW_CHECK(der::at_end(algorithm));
  const auto* found = std::ranges::find_if(all_curves, [&](curve c) { return std::ranges::equal(oid::of(c), named); });
  if (found == all_curves.end()) return fail(errc::unsupported, "a curve that TR-03116-3 does not list");
  out.on = *found;
  SMGW_TRY(const auto bits, der::next(body, der::bit_string));
  SMGW_CHECK(der::at_end(body));
  if (bits.empty() || bits[0] != 0) return fail(errc::malformed, "public key: unused bits");
  const auto point = bits.subspan(1);
  if (!point.empty() && (point[0] == 0x02 || point[0] == 0x03))
    return fail(errc::unsupported, "compressed public point (TR-03116-3 2.2)");
  SMGW_CHECK(check_point(out.on, point));
  out.point.assign(point.begin(), point.end());
  return out;
}

expected<name_content> next_name(bytes_view& in) {
  name_content out;
  SMGW_TRY(const auto name, der::next(in));
  if (name.tag != der::sequence) return fail(errc::malformed, "not a name");
  out.whole = name.whole;
  auto sets = name.content;
  std::size_t count = 0;
  while (!sets.empty()) {
    SMGW_TRY(auto set, der::next(sets, der::set));
    if (set.empty()) return fail(errc::malformed, "name: empty set");
    while (!set.empty()) {
      if (++count > max_name_attributes) return fail(errc::exhausted, "name: too many attributes");
      SMGW_TRY(auto pair, der::next(set, der::sequence));
      SMGW_TRY(const auto id, der::next(pair, der::oid));
      SMGW_TRY(const auto value, der::next(pair));
      SMGW_CHECK(der::at_end(pair));
      const auto key = attribute_name(id);
      const auto text = printable(value.content);
      if (key == "CN") {
        if (!out.common_name.empty()) return fail(errc::malformed, "name: two common names");
        out.common_name = text;
      }
      if (!out.text.empty()) out.text += ',';
      out.text += std::string{key} + "=\"" + text + '"';
    }
  }
  return out;
}

expected<unpacked> unpack_pem(bytes_view in, std::string_view label) {
  const auto text = as_text(in);
  if (!in.empty() && in[0] == der::sequence) return unpacked{.der = {in.begin(), in.end()}, .rest = {}};
  const auto begin = "-----BEGIN " + std::string{label} + "-----";
  const auto end = "-----END " + std::string{label} + "-----";
  const auto from = text.find(begin);
  if (from == std::string_view::npos) return fail(errc::malformed, "neither DER nor PEM of a " + std::string{label});
  const auto to = text.find(end, from + begin.size());
  if (to == std::string_view::npos) return fail(errc::truncated, "PEM without its end");
  const auto body = text.substr(from + begin.size(), to - from - begin.size());
  if (body.size() > 2 * max_certificate_size) return fail(errc::exhausted, "PEM block too large");
  return guarded(errc::malformed, "PEM", [&]() -> expected<unpacked> {
    return unpacked{.der = to_bytes(Botan::base64_decode(body)), .rest = in.subspan(to + end.size())};
  });
}

}  // namespace smgw::crypto::detail
