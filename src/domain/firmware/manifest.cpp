// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "domain/firmware/manifest.hpp"

#include "base/check.hpp"
#include "base/hex.hpp"
#include "domain/profile/json.hpp"

#include <algorithm>
#include <charconv>

namespace smgw::firmware {
namespace {

namespace json = profile::json;

bool is_path(std::string_view text) {
  return !text.empty() && text.size() <= 200 && !text.starts_with('/') && !text.contains("..") &&
         std::ranges::all_of(text, [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '-' ||
                  c == '_' || c == '/';
         });
}

expected<std::string> text_of(const json::value& tree, std::string_view name) {
  const auto* found = tree.find(name);
  if (found == nullptr || found->kind != json::kind::text)
    return fail(errc::malformed, "manifest: " + std::string(name) + " is a text");
  return found->text;
}

expected<std::int64_t> number_of(const json::value& tree, std::string_view name) {
  const auto* found = tree.find(name);
  if (found == nullptr || found->kind != json::kind::integer)
    return fail(errc::malformed, "manifest: " + std::string(name) + " is a number");
  return found->integer;
}

}  // namespace

expected<version> version::parse(std::string_view text) {
  version v;
  const char* at = text.data();
  const char* end = at + text.size();
  for (std::size_t i = 0; i < v.parts.size(); ++i) {
    if (i > 0 && (at == end || *at++ != '.')) return fail(errc::malformed, "a version is three numbers like 1.4.12");
    const auto [stop, code] = std::from_chars(at, end, v.parts[i]);
    if (code != std::errc{}) return fail(errc::malformed, "a version is three numbers like 1.4.12");
    at = stop;
  }
  if (at != end) return fail(errc::malformed, "a version is three numbers like 1.4.12");
  return v;
}

std::string version::text() const {
  return std::to_string(parts[0]) + "." + std::to_string(parts[1]) + "." + std::to_string(parts[2]);
}

expected<manifest> read_manifest(std::string_view text) {
  if (text.size() > max_manifest) return fail(errc::exhausted, "manifest: too long");
  SMGW_TRY(const auto tree, json::parse(text));
  if (tree.kind != json::kind::object || tree.members.size() != 6)
    return fail(errc::malformed, "manifest: firmware, product, version, size, sha256 and path, and nothing else");
  SMGW_TRY(const auto form, number_of(tree, "firmware"));
  if (form != 1) return fail(errc::unsupported, "manifest: of another form than 1");
  manifest m;
  SMGW_TRY(m.product, text_of(tree, "product"));
  SMGW_TRY(const auto numbers, text_of(tree, "version"));
  SMGW_TRY(m.version, version::parse(numbers));
  SMGW_TRY(const auto size, number_of(tree, "size"));
  if (size <= 0 || static_cast<std::uint64_t>(size) > max_image) return fail(errc::exhausted, "manifest: size");
  m.size = static_cast<std::uint64_t>(size);
  SMGW_TRY(const auto hash, text_of(tree, "sha256"));
  SMGW_TRY(const auto octets, from_hex(hash));
  if (octets.size() != m.sha256.size()) return fail(errc::malformed, "manifest: sha256 has 32 octets");
  std::ranges::copy(octets, m.sha256.begin());
  SMGW_TRY(m.path, text_of(tree, "path"));
  if (!is_path(m.path)) return fail(errc::malformed, "manifest: path is relative, of letters, digits, '.', '-', '_'");
  return m;
}

std::string write_manifest(const manifest& m) {
  return "{\"firmware\":1,\"product\":\"" + m.product + "\",\"version\":\"" + m.version.text() +
         "\",\"size\":" + std::to_string(m.size) + ",\"sha256\":\"" + to_hex(m.sha256) + "\",\"path\":\"" + m.path +
         "\"}";
}

expected<void> check(const manifest& m, std::string_view product, const version& running) {
  if (m.product != product) return fail(errc::denied, "firmware of another product: " + m.product);
  if (m.version == running) return fail(errc::conflict, "this firmware runs already: " + m.version.text());
  if (m.version < running)
    return fail(errc::conflict, "older than the firmware that runs: " + m.version.text() + " < " + running.text());
  return {};
}

}  // namespace smgw::firmware
