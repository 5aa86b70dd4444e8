// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

#include "actors/interfaces/foundation.hpp"
#include "actors/interfaces/wan.hpp"
#include "actors/platform/conditions.hpp"
#include "actors/wan/legal_clock.hpp"
#include "actors/world.hpp"
#include "domain/profile/time.hpp"

namespace smgw {

/// Never more often than this (overview 9: once a minute).
inline constexpr std::chrono::seconds shortest_poll{60};
/// What is known of the time, for the next start of the process.
inline constexpr std::string_view time_state = "time/kept";
/// The id under which the time server's address is dialled: no WAN profile can have it.
inline constexpr std::string_view time_peer = ".time";

/// The time profile as an address to dial.
[[nodiscard]] profile::wan peer_of(const profile::time& t);

struct time_sync_parts {
  profile::time server;
  std::chrono::milliseconds limit{27'000};  ///< of the error (limit_percent of the smallest registration period)
  std::shared_ptr<legal_clock> clock;
  store_actor store;
  ledger_actor ledger;
  dial_function dial;
  std::shared_ptr<smgw::conditions> conditions;  ///< what an invalid time, or one that was wrong, leads into
  announce_function announce;
};

struct time_sync_core;
struct time_sync_state {
  std::shared_ptr<time_sync_core> core;
  static inline const char* name = "time_sync";
};

/// NTP-TLS (overview 3.1, WKS4): asks the administrator's time server, corrects the gateway's clock, and says when its
/// reserve is over. The first authentic answer sets the clock.
[[nodiscard]] time_sync_actor::behavior_type time_sync(time_sync_actor::stateful_pointer<time_sync_state> self,
                                                       time_sync_parts parts);

}  // namespace smgw
