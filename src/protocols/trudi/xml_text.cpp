// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "protocols/trudi/xml_text.hpp"

#include <cstdint>

namespace smgw::trudi {
namespace {

constexpr std::string_view replacement = "\xEF\xBF\xBD";

struct character {
  std::uint32_t code = 0;
  std::size_t size = 0;  ///< 0: no UTF-8 here
};

/// Shortest forms only (RFC 3629).
character decode(std::string_view t) {
  const auto octet = [&](std::size_t i) { return static_cast<std::uint8_t>(t[i]); };
  const auto first = octet(0);
  if (first < 0x80) return {first, 1};
  const std::size_t size = first >= 0xF0 && first < 0xF5 ? 4 : first >= 0xE0 ? 3 : first >= 0xC2 ? 2 : 0;
  if (size == 0 || first >= 0xF5 || t.size() < size) return {};
  std::uint32_t code = first & (0xFFU >> (size + 1));
  for (std::size_t i = 1; i < size; ++i) {
    if ((octet(i) & 0xC0U) != 0x80) return {};
    code = (code << 6U) | (octet(i) & 0x3FU);
  }
  constexpr std::uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
  if (code < least[size] || code > 0x10FFFF) return {};
  return {code, size};
}

/// Char of XML 1.0, production 2.
bool is_char(std::uint32_t c) {
  return c == 9 || c == 10 || c == 13 || (c >= 0x20 && c < 0xD800) || (c >= 0xE000 && c < 0xFFFE) || c >= 0x10000;
}

}  // namespace

std::string xml_text(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) {
    const auto c = decode(text);
    if (c.size == 0 || !is_char(c.code)) {
      out += replacement;
    } else if (c.code == '&') {
      out += "&amp;";
    } else if (c.code == '<') {
      out += "&lt;";
    } else if (c.code == '>') {
      out += "&gt;";
    } else if (c.code == 13) {
      out += "&#13;";
    } else {
      out += text.substr(0, c.size);
    }
    text.remove_prefix(c.size == 0 ? 1 : c.size);
  }
  return out;
}

}  // namespace smgw::trudi
