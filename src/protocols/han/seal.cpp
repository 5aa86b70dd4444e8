// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "protocols/han/seal.hpp"

#include "base/octets.hpp"
#include "protocols/han/text.hpp"

namespace smgw::han {

std::string to_base64(bytes_view data) {
  constexpr std::string_view digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string out;
  out.reserve((data.size() + 2) / 3 * 4);
  for (std::size_t i = 0; i < data.size(); i += 3) {
    std::uint32_t v = 0;
    for (std::size_t k = 0; k < 3; ++k) v = v << 8U | (i + k < data.size() ? data[i + k] : 0U);
    for (std::size_t k = 0; k < 4; ++k) out += i + k <= data.size() ? digits[v >> (18 - 6 * k) & 63U] : '=';
  }
  return out;
}

http::response sealed(http::response r, const plan& how, const bytes& message) {
  if (how.sign == sealing::enclosed) {
    const auto type = std::string{content_type(http::body_kind::cms_json)};
    r.headers.set("Content-Type", how.sealed_type.empty() ? type : how.sealed_type);
    r.body = message;
    return r;
  }
  std::string text = "{\"suite\":\"" + std::string{http::detached_suite} + "\",\"contentType\":";
  put_quoted(text, r.headers.get("Content-Type"));
  text += ",\"content\":\"" + to_base64(r.body) + "\",\"signature\":\"" + to_base64(message) + "\"}";
  r.headers.set("Content-Type", std::string{content_type(http::body_kind::json)});
  r.body.assign(text.begin(), text.end());
  return r;
}

}  // namespace smgw::han
