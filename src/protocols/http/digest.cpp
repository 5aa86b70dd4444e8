// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "protocols/http/digest.hpp"

#include "base/check.hpp"
#include "base/hex.hpp"
#include "base/octets.hpp"

#include <algorithm>
#include <array>
#include <charconv>

namespace smgw::http {
namespace {

void skip_blanks(std::string_view& in) {
  while (!in.empty() && (in.front() == ' ' || in.front() == '\t')) in.remove_prefix(1);
}

/// A value in quotation marks or up to a comma.
expected<std::string> take_value(std::string_view& in) {
  std::string out;
  if (in.starts_with('"')) {
    in.remove_prefix(1);
    for (; !in.empty() && in.front() != '"'; in.remove_prefix(1)) {
      if (in.front() == '\\') in.remove_prefix(1);
      if (in.empty()) break;
      out += in.front();
    }
    if (in.empty()) return fail(errc::malformed, "Authorization: quotation mark left open");
    in.remove_prefix(1);
    return out;
  }
  const auto end = std::min(in.find_first_of(", \t"), in.size());
  out = in.substr(0, end);
  in.remove_prefix(end);
  return out;
}

expected<std::vector<field>> take_parameters(std::string_view in) {
  std::vector<field> out;
  for (skip_blanks(in); !in.empty(); skip_blanks(in)) {
    const auto equals = in.find('=');
    if (equals == std::string_view::npos || equals == 0) return fail(errc::malformed, "Authorization: name=value");
    field f{std::string{in.substr(0, equals)}, {}};
    while (f.name.ends_with(' ')) f.name.pop_back();
    in.remove_prefix(equals + 1);
    skip_blanks(in);
    SMGW_TRY(f.value, take_value(in));
    if (out.size() == max_digest_parameters) return fail(errc::exhausted, "Authorization: too many parameters");
    if (std::ranges::any_of(out, [&](const field& o) { return same_token(o.name, f.name); }))
      return fail(errc::malformed, "Authorization: parameter twice");
    out.push_back(std::move(f));
    skip_blanks(in);
    if (!in.empty() && in.front() != ',') return fail(errc::malformed, "Authorization: comma");
    if (!in.empty()) in.remove_prefix(1);
  }
  return out;
}

expected<digest_algorithm> read_algorithm(std::string_view text) {
  if (text.empty() || same_token(text, "MD5")) return digest_algorithm::md5;
  // One client spells it without the hyphen.
  if (same_token(text, "SHA-256") || same_token(text, "SHA256")) return digest_algorithm::sha256;
  return fail(errc::unsupported, "Authorization: algorithm");
}

expected<std::uint64_t> read_count(std::string_view text) {
  constexpr std::size_t digits = 8;
  if (text.size() < digits || text.size() > max_nonce_count_digits) return fail(errc::malformed, "Authorization: nc");
  const auto significant = text.substr(std::min(text.find_first_not_of('0'), text.size() - 1));
  std::uint64_t value = 0;
  const auto* end = significant.data() + significant.size();
  const auto [stop, code] = std::from_chars(significant.data(), end, value, 16);
  if (code != std::errc{} || stop != end || value == 0) return fail(errc::malformed, "Authorization: nc");
  return value;
}

/// The digest in hex, as a secret: it is a password to who has it.
secret hex_of(const secret& data) {
  constexpr std::string_view digits = "0123456789abcdef";
  secret out{2 * data.size()};
  auto at = out.writable().begin();
  for (const auto octet : data.reveal()) {
    *at++ = static_cast<std::uint8_t>(digits[octet >> 4]);
    *at++ = static_cast<std::uint8_t>(digits[octet & 15]);
  }
  return out;
}

secret joined(std::string_view front, bytes_view middle, std::string_view back) {
  secret out{front.size() + middle.size() + back.size()};
  auto at = std::ranges::copy(front, out.writable().begin()).out;
  at = std::ranges::copy(middle, at).out;
  std::ranges::copy(back, at);
  return out;
}

}  // namespace

std::string_view to_string(digest_algorithm a) noexcept { return a == digest_algorithm::sha256 ? "SHA-256" : "MD5"; }

expected<digest_credentials> parse_digest(std::string_view authorization) {
  constexpr std::string_view scheme = "Digest ";
  if (authorization.size() > max_authorization) return fail(errc::exhausted, "Authorization too long");
  if (!same_token(authorization.substr(0, scheme.size()), scheme))
    return fail(errc::unsupported, "Authorization: scheme is Digest");
  SMGW_TRY(const auto list, take_parameters(authorization.substr(scheme.size())));
  fields given;
  for (const auto& f : list) given.add(f.name, f.value);
  for (const auto* name : {"username", "realm", "nonce", "uri", "response", "cnonce", "nc", "qop"})
    if (given.get(name).empty()) return fail(errc::malformed, "Authorization: missing " + std::string{name});
  digest_credentials c;
  SMGW_TRY(c.algorithm, read_algorithm(given.get("algorithm")));
  if (!same_token(given.get("qop"), "auth")) return fail(errc::unsupported, "Authorization: qop is auth");
  if (same_token(given.get("userhash"), "true")) return fail(errc::unsupported, "Authorization: hashed user name");
  c.user = given.get("username");
  c.realm = given.get("realm");
  c.nonce = given.get("nonce");
  c.uri = given.get("uri");
  c.cnonce = given.get("cnonce");
  c.opaque = given.get("opaque");
  c.count_text = given.get("nc");
  SMGW_TRY(c.count, read_count(c.count_text));
  const auto response = from_hex(given.get("response"));
  const std::size_t expected_size = c.algorithm == digest_algorithm::sha256 ? 32 : 16;
  if (!response || response->size() != expected_size) return fail(errc::malformed, "Authorization: response");
  c.response = *response;
  return c;
}

secret password_hash(const hash_function& hash, std::string_view user, std::string_view realm, const secret& password) {
  const auto front = std::string{user} + ":" + std::string{realm} + ":";
  const auto text = joined(front, password.reveal(), {});
  auto digest = hash(text.reveal());
  secret out{bytes_view{digest}};
  wipe(digest);
  return out;
}

bytes digest_response(const hash_function& hash, const secret& stored, const digest_credentials& c,
                      std::string_view method) {
  const auto what = to_hex(hash(as_bytes(std::string{method} + ":" + c.uri)));
  const auto rest = ":" + c.nonce + ":" + c.count_text + ":" + c.cnonce + ":auth:" + what;
  const auto key = hex_of(stored);
  const auto text = joined({}, key.reveal(), rest);
  return hash(text.reveal());
}

}  // namespace smgw::http
