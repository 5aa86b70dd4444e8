// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

#include "actors/interfaces/han.hpp"
#include "actors/world.hpp"

#include <functional>

namespace smgw {

/// How long until a port that is taken is tried again.
inline constexpr std::chrono::seconds listen_retry{5};

struct door_parts {
  std::string name;  ///< for people: "door 0.0.0.0:443"
  std::string host;
  std::uint16_t port = 0;
  unsigned connections = 32;  ///< at the same time; one address may have half of them
  /// Starts what serves a connection; it is counted until it ends, and ends when the door does, which it monitors.
  std::function<caf::actor(caf::actor_system&, const home_connection&, const caf::actor& door)> serve;
  announce_function announce;
};

struct door_core;
struct door_state {
  std::shared_ptr<door_core> core;
  static inline const char* name = "door";
};

/// Listens and lets in. A connection beyond the limits is closed at once, so that those who are in are not disturbed.
[[nodiscard]] door_actor::behavior_type door(door_actor::stateful_pointer<door_state> self, door_parts parts);

}  // namespace smgw
