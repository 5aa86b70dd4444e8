// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "protocols/http/body_syntax.hpp"

#include "base/octets.hpp"

#include <nlohmann/json.hpp>
#include <pugixml.hpp>

#include <algorithm>

namespace smgw::http {
namespace {

/// The deepest nesting of a text that is known to be JSON.
std::size_t depth_of(std::string_view json) noexcept {
  std::size_t depth = 0, deepest = 0;
  bool quoted = false;
  for (std::size_t i = 0; i < json.size(); ++i) {
    const char c = json[i];
    if (quoted && c == '\\') ++i;
    if (c == '"') quoted = !quoted;
    if (quoted) continue;
    if (c == '[' || c == '{') deepest = std::max(deepest, ++depth);
    if (c == ']' || c == '}') --depth;
  }
  return deepest;
}

expected<void> check_json(bytes_view body) {
  if (!nlohmann::json::accept(body.begin(), body.end())) return fail(errc::malformed, "the body is not JSON");
  if (depth_of(as_text(body)) > max_json_depth) return fail(errc::malformed, "the JSON body is nested too deeply");
  return {};
}

expected<void> check_xml(bytes_view body) {
  // A document type could define entities: it has no place in a body (and pugixml would expand none).
  if (as_text(body).contains("<!DOCTYPE")) return fail(errc::malformed, "the XML body has a document type");
  pugi::xml_document parsed;
  const auto result = parsed.load_buffer(body.data(), body.size(), pugi::parse_minimal, pugi::encoding_utf8);
  if (!result || !parsed.document_element()) return fail(errc::malformed, "the body is not XML");
  return {};
}

expected<void> check_der(bytes_view body) {
  const auto refuse = [] { return fail(errc::malformed, "the body is not a CMS structure in DER"); };
  constexpr std::uint8_t sequence = 0x30;
  if (body.size() < 2 || body[0] != sequence) return refuse();
  std::size_t length = body[1], header = 2;
  if (length >= 0x80) {
    const std::size_t octets = length & 0x7f;
    if (octets == 0 || octets > 4 || body.size() < 2 + octets) return refuse();
    length = 0;
    for (; header < 2 + octets; ++header) length = length << 8 | body[header];
  }
  if (body.size() - header != length) return refuse();
  return {};
}

}  // namespace

expected<void> check_syntax(body_kind kind, bytes_view body) {
  try {
    switch (kind) {
      case body_kind::json: return check_json(body);
      case body_kind::xml: return check_xml(body);
      case body_kind::octets:
      case body_kind::byteranges:
      case body_kind::csv:
      case body_kind::events: return {};
      case body_kind::cms_json:
      case body_kind::cms_json_sealed:
      case body_kind::cms_json_full:
      case body_kind::cms_xml: return check_der(body);
    }
  } catch (const std::exception&) {
    return fail(errc::malformed, "the body cannot be parsed");
  }
  return fail(errc::internal, "body");
}

std::string error_text(std::string_view why) {
  constexpr auto replace = nlohmann::json::error_handler_t::replace;
  return nlohmann::json{{"error", why}}.dump(-1, ' ', false, replace);
}

}  // namespace smgw::http
