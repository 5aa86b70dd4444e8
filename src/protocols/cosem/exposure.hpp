// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

/// \file
/// What of the management tree a connection shows, as data, and the checks before a request reaches an object
/// (Anlage II 7.2 to 7.6). What no row shows is 404: whether it exists is not told.

#include "protocols/cosem/address.hpp"
#include "protocols/http/message.hpp"

namespace smgw::cosem {

/// Methods as a set.
enum class verb : std::uint8_t { get = 1, put = 2, post = 4, del = 8 };
[[nodiscard]] constexpr std::uint8_t operator|(verb a, verb b) noexcept {
  return static_cast<std::uint8_t>(static_cast<std::uint8_t>(a) | static_cast<std::uint8_t>(b));
}
[[nodiscard]] constexpr std::uint8_t operator|(std::uint8_t a, verb b) noexcept {
  return static_cast<std::uint8_t>(a | static_cast<std::uint8_t>(b));
}

/// What the scheme permits at a place, whoever asks (Anlage II, table of methods).
[[nodiscard]] std::uint8_t permitted(node kind) noexcept;

/// One row: a place and everything below it, for one connection. Missing parts fit all.
struct exposure_rule {
  std::optional<std::string> device;
  std::optional<object_id> object;  ///< object or container
  std::optional<int> attribute;
  std::optional<int> method;
  std::uint8_t verbs = 0;
};

/// Correlation of a request with an answer that comes later on the other connection (Anlage II 7.5).
struct correlation {
  std::string id;       ///< `uuid:…`, version 4
  std::string contact;  ///< where the answer goes; empty: the address of the profile
};

/// A request that passed.
struct admitted {
  address where;
  std::optional<correlation> async;
};

struct connection_view {
  std::string host;                  ///< canonical name of the gateway: `ebsi0012345678.sm`
  std::string poc;                   ///< point of contact: `/smgw`
  std::string management_device;     ///< cannot be deleted
  std::vector<exposure_rule> rules;  ///< nothing in it: nothing is shown
};

/// The address to act on, or the status code: 400 a mandatory header is missing or out of form, 403 wrong host, 404 not
/// there or not shown, 405 not permitted, 414 too long, 501 another method.
[[nodiscard]] std::expected<admitted, int> admit(const http::request& r, const connection_view& view);

/// Reads `uuid:` and a UUID of version 4, lower or upper case. malformed.
[[nodiscard]] expected<std::string> parse_correlation_id(std::string_view text);

}  // namespace smgw::cosem
