// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

#include "actors/cls/relay.hpp"
#include "actors/interfaces/foundation.hpp"
#include "actors/interfaces/han.hpp"
#include "actors/world.hpp"
#include "domain/profile/home_network.hpp"

namespace smgw::cls {

/// How long until a connection that the gateway keeps is tried again; a client waits as long
/// (REQ.TA.SOCKSTLS.ConnectRequest.80).
inline constexpr std::chrono::seconds first_pause{5};
inline constexpr std::chrono::seconds last_pause{60};
/// A window that opens later than this is looked at again before: meanwhile the clock may have been set.
inline constexpr std::chrono::minutes longest_wait{10};
/// What a crash may forget of a day's volume.
inline constexpr std::chrono::minutes volume_pause{1};

struct proxy_parts {
  std::vector<route> routes;
  crypto::tls_config door;
  std::optional<profile::endpoint> listen;
  std::size_t connections = 0;  ///< at the same time, over all profiles
  store_actor store;
  ledger_actor ledger;
  std::function<responder_actor()> find_responder;  ///< who looks up names; it may be none
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
