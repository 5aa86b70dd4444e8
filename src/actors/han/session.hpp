// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

#include "actors/interfaces/han.hpp"
#include "actors/world.hpp"
#include "crypto/tls.hpp"
#include "protocols/http/server_exchange.hpp"

namespace smgw::han {

/// From the connection to the end of the handshake.
inline constexpr std::chrono::seconds handshake_budget{20};
/// A peer that takes nothing of an answer for so long is cut.
inline constexpr std::chrono::seconds send_budget{60};
/// Octets of an answer that are encrypted ahead of the wire.
inline constexpr std::size_t send_piece = std::size_t{128} * 1024;
/// Octets of a stream that wait for a peer that does not read; then it is cut, and may come back.
inline constexpr std::size_t max_stream_backlog = std::size_t{64} * 1024;
/// HOME's time for an answer: below that of the exchange (REQ.Webservice.HttpServer.190).
inline constexpr std::chrono::seconds home_budget{18};
/// Bodies of this interface are small: forms and JSON objects.
inline constexpr http::limits request_limits{.body = std::size_t{64} * 1024};

struct session_parts {
  std::shared_ptr<io::descriptor> stream;
  std::string source;
  crypto::tls_config tls;
  http::server_exchange::timing times{.idle = std::chrono::minutes{10}, .lifetime = std::chrono::hours{48}};
  home_actor home;
  caf::actor door;  ///< when it ends, so does the session
  clock_function now;
};

struct session_core;
struct session_state {
  std::shared_ptr<session_core> core;
  static inline const char* name = "session";
};

/// One connection: TLS, then HTTP requests one after the other, each answered by HOME. Reads on only when an answer has
/// left, so that neither a fast nor a slow peer fills the memory.
[[nodiscard]] session_actor::behavior_type session(session_actor::stateful_pointer<session_state> self,
                                                   session_parts parts);

}  // namespace smgw::han
