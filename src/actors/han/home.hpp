// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

#include "actors/han/access.hpp"
#include "actors/interfaces/foundation.hpp"
#include "actors/interfaces/han.hpp"
#include "actors/interfaces/metering.hpp"
#include "actors/world.hpp"
#include "protocols/han/model.hpp"

namespace smgw::han {

/// A question to STORE, METER, CONTRACT or KEY TOKEN within one request.
inline constexpr std::chrono::seconds part_budget{15};
/// Streams at the same time.
inline constexpr std::size_t max_streams = 64;
/// A comment keeps each stream alive.
inline constexpr std::chrono::seconds stream_beat{15};

struct home_parts {
  access_parts access;
  gateway_view gateway;  ///< what does not change while the gateway runs
  std::function<std::string()> program_hash;
  store_actor store;
  ledger_actor ledger;
  key_token_actor key_token;
  std::map<device_id, meter_actor> meters;
  std::map<std::string, contract_actor> contracts;
  clock_function now;
  announce_function announce;
};

struct home_core;
struct home_state {
  std::shared_ptr<home_core> core;
  static inline const char* name = "home";
};

/// Answers the requests of all connections: who asks, what may be seen, what is found, in which form.
[[nodiscard]] home_actor::behavior_type home(home_actor::stateful_pointer<home_state> self, home_parts parts);

}  // namespace smgw::han
