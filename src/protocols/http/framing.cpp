// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "protocols/http/framing.hpp"

namespace smgw::http {

objection check_coding(const fields& headers, const framing& seen) noexcept {
  const auto* coding = headers.find("Transfer-Encoding");
  if (coding == nullptr) return {};
  if (seen.has_length) return {400, "two ways to find the end of the body"};
  if (!same_token(*coding, "chunked") || headers.count("Transfer-Encoding") > 1) return {501, "transfer coding"};
  return {};
}

objection check_request_framing(method verb, const fields& headers, const framing& seen) noexcept {
  const auto hosts = headers.count("Host");
  if (hosts > 1 || (hosts == 0 && seen.http_1_1)) return {400, "Host"};
  if (headers.get("Host").find_first_of(" ,\t") != std::string_view::npos) return {400, "Host"};
  const bool coded = headers.find("Transfer-Encoding") != nullptr;
  if (coded && !seen.http_1_1) return {400, "two ways to find the end of the body"};
  if (const auto why = check_coding(headers, seen); why.status != 0) return why;
  if (!seen.has_length && !coded && (verb == method::put || verb == method::post))
    return {411, "Content-Length missing"};
  return {};
}

objection to_origin_form(std::string& target, fields& headers) {
  if (target.starts_with('/')) return {};
  constexpr std::size_t longest_scheme = 5;  // https
  const auto start = target.find("://");
  if (start == std::string::npos || start > longest_scheme) return {400, "request target"};
  const auto slash = target.find('/', start + 3);
  const auto host = target.substr(start + 3, slash == std::string::npos ? slash : slash - start - 3);
  if (host.empty() || host.contains('@') || host.contains('?')) return {400, "request target"};
  headers.set("Host", host);
  target = slash == std::string::npos ? "/" : target.substr(slash);
  return {};
}

}  // namespace smgw::http
