// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

#include "actors/interfaces/foundation.hpp"
#include "actors/interfaces/wan.hpp"
#include "actors/io/silent_port.hpp"
#include "actors/world.hpp"
#include "domain/profile/wan.hpp"

namespace smgw {

/// Limits of what is verified and accepted. PROPOSED: the guideline's main part, which would set them, is not public.
inline constexpr std::size_t wake_up_verifications_per_minute = 10;
inline constexpr std::chrono::seconds wake_up_verification_pause{1};
/// So many packets that look right may wait for the actor; what comes beyond them is dropped in the port's thread.
inline constexpr int max_waiting_wake_ups = 8;
/// Where the time of the last accepted packet is kept: a packet counts once, also across a restart.
inline constexpr std::string_view wake_up_state = "wake_up/last";

struct wake_up_parts {
  device_id gateway;
  profile::wan administrator;
  crypto::certificate signer;  ///< GWA_WAN_SIG_CRT
  store_actor store;
  ledger_actor ledger;
  std::function<administrator_actor()> find_administrator;
  listen_function listen;
  clock_function now;
  std::function<bool()> time_valid;
  announce_function announce;
};

struct wake_up_core;
struct wake_up_state_holder {
  std::shared_ptr<wake_up_core> core;
  static inline const char* name = "wake_up";
};

/// Nothing is ever sent back. What cannot be a wake-up for this gateway is dropped and counted in the port's thread;
/// what could be one is checked here, and recorded whether it was accepted or refused.
[[nodiscard]] wake_up_actor::behavior_type wake_up(wake_up_actor::stateful_pointer<wake_up_state_holder> self,
                                                   wake_up_parts parts);

}  // namespace smgw
