// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

#include "actors/interfaces/han.hpp"
#include "actors/world.hpp"
#include "crypto/tls.hpp"
#include "protocols/ntp/server.hpp"

namespace smgw::han {

/// Connections to the time server at the same time; one address may have half of them.
inline constexpr unsigned max_time_sessions = 8;
/// From the connection to the first question, and from one question to the next.
inline constexpr std::chrono::minutes time_session_idle{3};

struct time_session_parts {
  std::shared_ptr<io::descriptor> stream;
  crypto::tls_config tls;
  std::function<ntp::server_state()> state;
  caf::actor door;  ///< when it ends, so does the session
  clock_function now;
};

struct time_session_core;
struct time_session_state {
  std::shared_ptr<time_session_core> core;
  static inline const char* name = "time_session";
};

/// One client of the time server (detail specification 14): TLS, then questions of 48 octets and answers of 48 octets.
[[nodiscard]] time_session_actor::behavior_type time_session(
    time_session_actor::stateful_pointer<time_session_state> self, time_session_parts parts);

}  // namespace smgw::han
