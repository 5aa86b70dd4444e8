// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

/// \file
/// HTTP/1.1 messages (RFC 9110, RFC 9112) as plain structs, and their octets.

#include <smgw/types.hpp>

#include <string>
#include <vector>

namespace smgw::http {

/// The methods the gateway knows; any other is answered with 501.
enum class method : std::uint8_t { get, head, put, post, del };
[[nodiscard]] std::string_view to_string(method m) noexcept;

struct field {
  std::string name;
  std::string value;
  friend bool operator==(const field&, const field&) = default;
};

/// Header fields in their order; names compare without case (REQ.Webservice.HttpServer.30).
class fields {
 public:
  fields() = default;
  fields(std::initializer_list<field> list) : list_(list) {}
  /// Value of the first field of this name; nothing if there is none.
  [[nodiscard]] const std::string* find(std::string_view name) const noexcept;
  /// The value, or empty text.
  [[nodiscard]] std::string_view get(std::string_view name) const noexcept;
  [[nodiscard]] std::size_t count(std::string_view name) const noexcept;
  void add(std::string name, std::string value) { list_.push_back({std::move(name), std::move(value)}); }
  /// Replaces the first field of this name, removes further ones.
  void set(std::string_view name, std::string value);
  void erase(std::string_view name);
  [[nodiscard]] const std::vector<field>& all() const noexcept { return list_; }
  [[nodiscard]] bool empty() const noexcept { return list_.empty(); }
  friend bool operator==(const fields&, const fields&) = default;

 private:
  std::vector<field> list_;
};

struct request {
  method verb = method::get;
  std::string target;  ///< origin form: `/path?query`
  fields headers;
  bytes body;
  bool keep_alive = true;  ///< the peer wants to go on; set by the parser
  friend bool operator==(const request&, const request&) = default;
};

struct response {
  int status = 200;
  std::string reason;  ///< empty: the registered phrase is sent
  fields headers;
  bytes body;
  bool keep_alive = true;  ///< the peer goes on; set by the parser. When sent: false adds `Connection: close`
  friend bool operator==(const response&, const response&) = default;
};

/// The registered phrase, `Not Found`; empty for codes the gateway does not use.
[[nodiscard]] std::string_view reason_phrase(int status) noexcept;

/// Compares field names and tokens without case, ASCII only.
[[nodiscard]] bool same_token(std::string_view a, std::string_view b) noexcept;

/// Octets of a request. Content-Length is added where there is a body, and for PUT and POST always. Host must be set.
/// malformed: a field, the target or the host could be read as something else (header injection).
[[nodiscard]] expected<bytes> encode(const request& r);
/// Octets of a response. Content-Length is added except for 1xx and 204; with `to_head` the body stays away.
[[nodiscard]] expected<bytes> encode(const response& r, bool to_head = false);

}  // namespace smgw::http
