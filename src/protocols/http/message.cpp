// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "protocols/http/message.hpp"

#include "base/check.hpp"
#include "base/octets.hpp"

#include <algorithm>
#include <array>

namespace smgw::http {
namespace {

constexpr char lower(char c) noexcept { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }

/// tchar of RFC 9110, 5.6.2.
bool is_tchar(char c) noexcept {
  return (c >= '0' && c <= '9') || (lower(c) >= 'a' && lower(c) <= 'z') ||
         std::string_view{"!#$%&'*+-.^_`|~"}.contains(c);
}

/// A value that cannot be read as the start of something else: no control characters, no blanks at the ends.
bool is_value(std::string_view value) noexcept {
  constexpr std::string_view blanks = " \t";
  if (!value.empty() && (blanks.contains(value.front()) || blanks.contains(value.back()))) return false;
  return std::ranges::none_of(value, [](unsigned char c) { return (c < ' ' && c != '\t') || c == 0x7f; });
}

expected<void> put_fields(bytes& out, const fields& headers) {
  for (const auto& f : headers.all()) {
    if (f.name.empty() || !std::ranges::all_of(f.name, is_tchar) || !is_value(f.value))
      return fail(errc::malformed, "header field");
    put(out, f.name);
    put(out, ": ");
    put(out, f.value);
    put(out, "\r\n");
  }
  return {};
}

/// The length is ours to say: a field of the caller that says otherwise would be an invitation to smuggle.
expected<void> check_framing(const fields& headers) {
  if (headers.find("Content-Length") != nullptr || headers.find("Transfer-Encoding") != nullptr)
    return fail(errc::malformed, "framing is added by the encoder");
  return {};
}

void put_length(bytes& out, std::size_t length) {
  put(out, "Content-Length: ");
  put(out, std::to_string(length));
  put(out, "\r\n");
}

struct phrase {
  int status;
  std::string_view text;
};
constexpr std::array phrases{
    phrase{100, "Continue"},
    phrase{200, "OK"},
    phrase{201, "Created"},
    phrase{202, "Accepted"},
    phrase{204, "No Content"},
    phrase{206, "Partial Content"},
    phrase{302, "Found"},
    phrase{303, "See Other"},
    phrase{304, "Not Modified"},
    phrase{307, "Temporary Redirect"},
    phrase{400, "Bad Request"},
    phrase{401, "Unauthorized"},
    phrase{403, "Forbidden"},
    phrase{404, "Not Found"},
    phrase{405, "Method Not Allowed"},
    phrase{406, "Not Acceptable"},
    phrase{408, "Request Timeout"},
    phrase{409, "Conflict"},
    phrase{411, "Length Required"},
    phrase{412, "Precondition Failed"},
    phrase{413, "Content Too Large"},
    phrase{414, "URI Too Long"},
    phrase{415, "Unsupported Media Type"},
    phrase{416, "Range Not Satisfiable"},
    phrase{422, "Unprocessable Content"},
    phrase{429, "Too Many Requests"},
    phrase{431, "Request Header Fields Too Large"},
    phrase{500, "Internal Server Error"},
    phrase{501, "Not Implemented"},
    phrase{502, "Bad Gateway"},
    phrase{503, "Service Unavailable"},
    phrase{505, "HTTP Version Not Supported"},
};

}  // namespace

std::string_view to_string(method m) noexcept {
  switch (m) {
    case method::get: return "GET";
    case method::head: return "HEAD";
    case method::put: return "PUT";
    case method::post: return "POST";
    case method::del: return "DELETE";
  }
  return "";
}

std::string_view reason_phrase(int status) noexcept {
  const auto found = std::ranges::find(phrases, status, &phrase::status);
  return found == phrases.end() ? std::string_view{} : found->text;
}

bool same_token(std::string_view a, std::string_view b) noexcept {
  return std::ranges::equal(a, b, [](char x, char y) { return lower(x) == lower(y); });
}

const std::string* fields::find(std::string_view name) const noexcept {
  const auto found = std::ranges::find_if(list_, [&](const field& f) { return same_token(f.name, name); });
  return found == list_.end() ? nullptr : &found->value;
}

std::string_view fields::get(std::string_view name) const noexcept {
  const auto* value = find(name);
  return value == nullptr ? std::string_view{} : std::string_view{*value};
}

std::size_t fields::count(std::string_view name) const noexcept {
  return static_cast<std::size_t>(
      std::ranges::count_if(list_, [&](const field& f) { return same_token(f.name, name); }));
}

void fields::set(std::string_view name, std::string value) {
  const auto found = std::ranges::find_if(list_, [&](const field& f) { return same_token(f.name, name); });
  if (found == list_.end()) return add(std::string{name}, std::move(value));
  found->value = std::move(value);
  list_.erase(std::remove_if(found + 1, list_.end(), [&](const field& f) { return same_token(f.name, name); }),
              list_.end());
}

void fields::erase(std::string_view name) {
  std::erase_if(list_, [&](const field& f) { return same_token(f.name, name); });
}

expected<bytes> encode(const request& r) {
  if (!r.target.starts_with('/') || std::ranges::any_of(r.target, [](char c) { return c <= ' ' || c >= 0x7f; }))
    return fail(errc::malformed, "request target");
  if (r.headers.count("Host") != 1 || r.headers.get("Host").contains(' ')) return fail(errc::malformed, "Host");
  SMGW_CHECK(check_framing(r.headers));
  bytes out;
  out.reserve(256 + r.target.size() + r.body.size());
  put(out, to_string(r.verb));
  put(out, " ");
  put(out, r.target);
  put(out, " HTTP/1.1\r\n");
  SMGW_CHECK(put_fields(out, r.headers));
  if (!r.body.empty() || r.verb == method::post || r.verb == method::put) put_length(out, r.body.size());
  if (!r.keep_alive) put(out, "Connection: close\r\n");
  put(out, "\r\n");
  put(out, r.body);
  return out;
}

expected<bytes> encode(const response& r, bool to_head) {
  if (r.status < 100 || r.status > 599) return fail(errc::malformed, "status");
  if (!is_value(r.reason)) return fail(errc::malformed, "reason");
  SMGW_CHECK(check_framing(r.headers));
  const bool without_body = r.status < 200 || r.status == 204 || r.status == 304;
  if (without_body && !r.body.empty()) return fail(errc::malformed, "body of a response that has none");
  bytes out;
  out.reserve(256 + r.body.size());
  put(out, "HTTP/1.1 ");
  put(out, std::to_string(r.status));
  put(out, " ");
  put(out, r.reason.empty() ? reason_phrase(r.status) : std::string_view{r.reason});
  put(out, "\r\n");
  SMGW_CHECK(put_fields(out, r.headers));
  if (!without_body) put_length(out, r.body.size());
  if (!r.keep_alive) put(out, "Connection: close\r\n");
  put(out, "\r\n");
  if (!to_head) put(out, r.body);
  return out;
}

}  // namespace smgw::http
