// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

#include "actors/cls/relay.hpp"
#include "actors/interfaces/foundation.hpp"
#include "actors/interfaces/han.hpp"
#include "actors/world.hpp"
#include "domain/profile/home_network.hpp"

namespace smgw::cls {

/// Connections of controllable systems at the same time, over all profiles.
inline constexpr std::size_t max_relays = 64;
/// How long until a connection that the gateway keeps is tried again; a client waits as long
/// (REQ.TA.SOCKSTLS.ConnectRequest.80).
inline constexpr std::chrono::seconds first_pause{5};
inline constexpr std::chrono::seconds last_pause{60};

struct proxy_parts {
  std::vector<route> routes;
  crypto::tls_config door;
  std::optional<profile::endpoint> listen;
  ledger_actor ledger;
  clock_function now;
  announce_function announce;
};

struct proxy_core;
struct proxy_state {
  std::shared_ptr<proxy_core> core;
  static inline const char* name = "proxy";
};

/// Lets controllable systems reach their market participants: those that call (SOCKSv5 with TLS), those that the
/// gateway keeps connected, and those that the administrator asks for. Each connection has a thread of its own.
[[nodiscard]] proxy_actor::behavior_type proxy(proxy_actor::stateful_pointer<proxy_state> self, proxy_parts parts);

}  // namespace smgw::cls
