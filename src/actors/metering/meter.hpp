// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

#include "actors/interfaces/foundation.hpp"
#include "actors/interfaces/metering.hpp"
#include "actors/platform/conditions.hpp"
#include "actors/world.hpp"
#include "domain/profile/meter.hpp"

namespace smgw {

/// One commit or question to the store, with its queue.
inline constexpr std::chrono::seconds store_budget{30};
/// Entries that wait while the store is full or gone; beyond it the oldest telegram's values become gaps.
inline constexpr std::size_t max_unstored = 100'000;

/// Who wants the entries of which register.
struct subscription {
  obis register_name;
  contract_actor contract;
};

struct meter_parts {
  profile::meter meter;
  std::vector<subscription> subscriptions;
  bool sign = false;  ///< an evaluation wants the inner signature
  store_actor store;
  ledger_actor ledger;
  key_token_actor key_token;
  clock_function now;
  announce_function announce;
  std::function<bool()> time_valid = [] { return true; };
  std::shared_ptr<smgw::conditions> conditions;  ///< how values are marked, and whether they are taken at all
};

struct meter_core;
struct meter_state {
  std::shared_ptr<meter_core> core;
  static inline const char* name = "meter";
};

/// Stamps, judges and lists the readings of one meter; an entry leaves for the contracts once it is on disk.
[[nodiscard]] meter_actor::behavior_type meter(meter_actor::stateful_pointer<meter_state> self, meter_parts parts);

}  // namespace smgw
