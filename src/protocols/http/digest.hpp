// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

/// \file
/// The arithmetic and the fields of HTTP Digest (RFC 7616; detail specification 7). Hash functions are passed in.

#include "base/secret.hpp"
#include "protocols/http/message.hpp"

#include <functional>

namespace smgw::http {

inline constexpr std::size_t max_authorization = 2048;  ///< octets of one Authorization field
inline constexpr std::size_t max_digest_parameters = 16;
inline constexpr std::size_t max_nonce_count_digits = 32;  ///< RFC 7616 has 8; one client in the field sends 32

enum class digest_algorithm : std::uint8_t { sha256, md5 };
/// `SHA-256`, `MD5`
[[nodiscard]] std::string_view to_string(digest_algorithm a) noexcept;

using hash_function = std::function<bytes(bytes_view)>;

/// What an Authorization field says. Texts are as sent, without quotation marks.
struct digest_credentials {
  digest_algorithm algorithm = digest_algorithm::md5;  ///< RFC 7616, 3.4: a missing one means MD5
  std::string user;
  std::string realm;
  std::string nonce;
  std::string uri;
  std::string cnonce;
  std::string opaque;
  std::string count_text;   ///< nc as sent: it goes into the hash
  std::uint64_t count = 0;  ///< its value
  bytes response;
};

/// Reads `Digest username="…", …`. Clients quote nc, qop and algorithm or do not. unsupported: another scheme,
/// algorithm or qop than auth, a hashed user name; malformed: a parameter missing, twice or out of its form; exhausted:
/// too long.
[[nodiscard]] expected<digest_credentials> parse_digest(std::string_view authorization);

/// H(user:realm:password), as it is stored instead of the password.
[[nodiscard]] secret password_hash(const hash_function& hash, std::string_view user, std::string_view realm,
                                   const secret& password);

/// The response (RFC 7616, 3.4.1) that proves the knowledge of `stored` for this request.
[[nodiscard]] bytes digest_response(const hash_function& hash, const secret& stored, const digest_credentials& c,
                                    std::string_view method);

}  // namespace smgw::http
