// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

/// \file
/// Whoever a gateway of a story calls: TLS in memory, and faults of the connection octet by octet.

#include "actors/virtual_time.hpp"
#include "actors/world.hpp"
#include "pki.hpp"
#include "protocols/http/message.hpp"

#include <deque>

namespace smgw::test {

/// Where a connection goes wrong: once the far side has heard, or said, so many octets of TLS.
struct wire_fault {
  enum class side : std::uint8_t { heard, said };
  /// `finish` is a half-close: the far side says no more, but hears what comes and acts upon it.
  enum class kind : std::uint8_t { reset, stall, finish };
  side where = side::heard;
  std::size_t after = 0;
  kind what = kind::reset;
};

struct far_side {
  sim::party self;
  crypto::tls_peer_rule peers;
  bool down = false;  ///< does not take connections
  /// An HTTP server's answer; empty: it is the client of HTTP, and says what stands in `to_say`.
  std::function<http::response(const http::request&)> handle{};
  /// The answer of a server that speaks something else than HTTP.
  std::function<bytes(bytes_view)> reply{};
  std::deque<bytes> to_say{};  ///< octets of requests, one after the other
  bool hang_up = false;        ///< says goodbye at the next poke (`wire_more`)
  bytes heard{};               ///< octets of answers
  wire_actor wire{};           ///< the newest connection, while it is open
  bool established = false;    ///< it is
  /// The fault of the n-th connection, from 0 on.
  std::function<std::optional<wire_fault>(std::size_t)> fault{};
  std::size_t connections = 0;
  std::size_t octets_heard = 0, octets_said = 0;  ///< of TLS, in the newest connection
};

/// Opens a connection of the gateway to `who`, which has to outlive it.
[[nodiscard]] open_function open_far_side(far_side& who, clock_function now);

}  // namespace smgw::test
