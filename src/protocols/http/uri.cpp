// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "protocols/http/uri.hpp"

#include "base/check.hpp"

#include <algorithm>

namespace smgw::http {
namespace {

constexpr bool is_unreserved(char c) noexcept {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' || c == '.' ||
         c == '_' || c == '~';
}

/// pchar of RFC 3986 without the percent-encoding.
constexpr bool is_pchar(char c) noexcept { return is_unreserved(c) || std::string_view{"!$&'()*+,;=:@"}.contains(c); }

/// qchar of detail specification 6.8 without the percent-encoding.
constexpr bool is_qchar(char c) noexcept { return is_unreserved(c) || std::string_view{"/?:@!$'()*+,;"}.contains(c); }

constexpr int hex_digit(char c) noexcept {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

constexpr bool is_control(char c) noexcept {
  const auto octet = static_cast<unsigned char>(c);
  return octet < ' ' || octet == 0x7f;
}

template <class Plain, class Decoded>
expected<std::string> decode(std::string_view text, Plain plain, Decoded decoded) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      if (!plain(text[i])) return fail(errc::malformed, "character not allowed in a URI");
      out += text[i];
      continue;
    }
    const int high = i + 2 < text.size() ? hex_digit(text[i + 1]) : -1;
    const int low = i + 2 < text.size() ? hex_digit(text[i + 2]) : -1;
    if (high < 0 || low < 0) return fail(errc::malformed, "percent-encoding: two hex digits follow the sign");
    const auto c = static_cast<char>(static_cast<unsigned char>(high * 16 + low));
    if (!decoded(c)) return fail(errc::malformed, "percent-encoding of an octet that has no place here");
    out += c;
    i += 2;
  }
  return out;
}

expected<std::string> read_segment(std::string_view text, path_octets allowed) {
  const auto decoded = [allowed](char c) {
    if (allowed == path_octets::binary) return c != '\0';
    return !is_control(c) && c != '/' && c != '\\' && c != '%';
  };
  SMGW_TRY(auto segment, decode(text, is_pchar, decoded));
  if (segment.empty() || segment == "." || segment == "..") return fail(errc::malformed, "empty or dot segment");
  return segment;
}

expected<void> read_path(std::string_view path, path_octets allowed, target& out) {
  if (!path.starts_with('/')) return fail(errc::malformed, "a path starts with a slash");
  path.remove_prefix(1);
  while (!path.empty()) {
    if (out.segments.size() == max_segments) return fail(errc::exhausted, "path too deep");
    const auto end = path.find('/');
    SMGW_TRY(auto segment, read_segment(path.substr(0, end), allowed));
    out.segments.push_back(std::move(segment));
    out.list = end != std::string_view::npos;
    path.remove_prefix(out.list ? end + 1 : path.size());
  }
  if (out.segments.empty()) out.list = true;
  return {};
}

expected<void> read_query(std::string_view query, target& out) {
  const auto printable = [](char c) { return !is_control(c); };
  while (true) {
    if (out.query.size() == max_parameters) return fail(errc::exhausted, "too many query parameters");
    const auto end = query.find('&');
    const auto one = query.substr(0, end);
    const auto equals = one.find('=');
    if (equals == std::string_view::npos) return fail(errc::malformed, "query parameter: name=value");
    SMGW_TRY(auto name, decode(one.substr(0, equals), is_qchar, printable));
    SMGW_TRY(auto value, decode(one.substr(equals + 1), is_qchar, printable));
    // Whether the lengths count before or after decoding is open; the characters meant are those after it.
    if (name.empty() || name.size() > max_parameter_name)
      return fail(errc::malformed, "query parameter: name of 1..50");
    if (value.size() > max_parameter_value) return fail(errc::malformed, "query parameter: value of 0..255");
    out.query.push_back({std::move(name), std::move(value)});
    if (end == std::string_view::npos) return {};
    query.remove_prefix(end + 1);
  }
}

}  // namespace

const std::string* target::find(std::string_view name) const noexcept {
  const auto found = std::ranges::find(query, name, &parameter::name);
  return found == query.end() ? nullptr : &found->value;
}

expected<target> parse_target(std::string_view text, path_octets allowed) {
  target out;
  const auto mark = text.find('?');
  SMGW_CHECK(read_path(text.substr(0, mark), allowed, out));
  if (mark != std::string_view::npos) SMGW_CHECK(read_query(text.substr(mark + 1), out));
  return out;
}

std::string encode_segment(std::string_view segment) {
  constexpr std::string_view digits = "0123456789ABCDEF";
  std::string out;
  out.reserve(segment.size());
  for (const char c : segment) {
    if (is_unreserved(c)) {
      out += c;
      continue;
    }
    const auto octet = static_cast<unsigned char>(c);
    out += '%';
    out += digits[octet >> 4];
    out += digits[octet & 15];
  }
  return out;
}

}  // namespace smgw::http
