// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

/// \file
/// SOCKS version 5 (RFC 1928) as far as the gateway speaks it: one method, one command.

#include <smgw/types.hpp>

#include <optional>
#include <string>
#include <variant>

namespace smgw::socks {

inline constexpr std::uint8_t version = 5;
inline constexpr std::uint8_t method_tls = 6;  ///< IANA; the draft's 86 is not used (REQ.TA.SOCKSTLS.NegotiateAuth.20)
inline constexpr std::uint8_t no_method = 0xFF;
inline constexpr std::size_t max_name = 63;  ///< REQ.TA.SOCKSTLS.Connect.35
/// The longest greeting and the longest request there are.
inline constexpr std::size_t max_greeting = 2 + 255;
inline constexpr std::size_t max_request = 4 + 1 + 255 + 2;

/// Reply codes of RFC 1928, section 6 (table 11.1 and what else can be said).
enum class reply_code : std::uint8_t {
  connected = 0,
  general_failure = 1,
  no_profile = 2,   ///< no proxy profile for the name or address
  unreachable = 4,  ///< the market participant does not answer
  refused = 5,      ///< the market participant refuses
  no_such_command = 7,
  no_such_address_type = 8,
};
[[nodiscard]] std::string_view to_string(reply_code c) noexcept;

/// What the gateway says to the methods offered.
struct greeting {
  bytes answer;           ///< `05 06` or `05 FF`
  bool accepted = false;  ///< exactly TLS was proposed
  std::size_t used = 0;   ///< octets of the input
};
/// Nothing: more octets are needed. malformed: not SOCKS 5.
[[nodiscard]] expected<std::optional<greeting>> read_greeting(bytes_view in);

using ipv4 = std::array<std::uint8_t, 4>;
using ipv6 = std::array<std::uint8_t, 16>;
struct connect_request {
  std::variant<std::string, ipv4, ipv6> destination;  ///< the name of a proxy profile, or an address of its WAN side
  std::uint16_t port = 0;
  std::size_t used = 0;
};
/// `wallbox.local`, `192.0.2.1:443`.
[[nodiscard]] std::string to_text(const connect_request& r);
/// A request that is refused, with the code to say so.
struct request_refusal {
  reply_code code = reply_code::general_failure;
  error why;
};
/// Nothing: more octets are needed.
[[nodiscard]] std::expected<std::optional<connect_request>, request_refusal> read_request(bytes_view in);

/// The reply, with BND.ADDR and BND.PORT zero (REQ.TA.SOCKSTLS.Connect.60).
[[nodiscard]] bytes reply(reply_code code);

// The client's side, for simulators and tests.
[[nodiscard]] bytes client_greeting();
[[nodiscard]] bytes client_request(std::string_view name);
[[nodiscard]] expected<std::optional<reply_code>> read_reply(bytes_view in);

}  // namespace smgw::socks
