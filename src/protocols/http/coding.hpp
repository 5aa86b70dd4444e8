// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

/// \file
/// Content-Encoding of bodies. The guideline asks for "zlib per RFC 1952" (REQ.Webservice.HttpClient.130): RFC 1952 is
/// gzip, and the token is not registered. What is sent is configured; what is received is told by its first octets.

#include "protocols/http/message.hpp"

namespace smgw::http {

/// The token sent and the format behind it.
enum class coding : std::uint8_t {
  zlib_token,  ///< `zlib` with the gzip format: the letter of the requirement
  gzip,        ///< `gzip`, the registered name of that format
  deflate,     ///< `deflate` with the zlib format (RFC 1950; Anlage II 7.3)
};
[[nodiscard]] std::string_view to_string(coding c) noexcept;

/// Compresses the body of a POST with JSON or XML and adds Content-Encoding; other requests stay as they are.
[[nodiscard]] expected<void> compress_body(request& r, coding with);

/// The body without its Content-Encoding. All three tokens are taken, each with either format. unsupported: another
/// coding (answer 415); malformed: no such stream (422); exhausted: larger than `limit` (413).
[[nodiscard]] expected<bytes> decoded_body(const fields& headers, bytes_view body, std::size_t limit);

}  // namespace smgw::http
