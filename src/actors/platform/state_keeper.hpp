// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

#include "actors/interfaces/foundation.hpp"
#include "actors/interfaces/platform.hpp"
#include "actors/platform/conditions.hpp"
#include "actors/world.hpp"
#include "domain/lifecycle/expiry.hpp"

namespace smgw {

/// Verifying all logs takes its time.
inline constexpr std::chrono::minutes self_test_budget{10};
/// How often fill levels and deadlines are looked at.
inline constexpr std::chrono::minutes state_interval{10};

struct state_parts {
  std::shared_ptr<smgw::conditions> conditions;
  /// Known answers of the cryptography and the health of the random numbers; may be empty in tests.
  std::function<expected<void>()> check_crypto;
  unsigned value_storage_percent = 0;  ///< of the store; 0: the administrator has set no threshold
  std::vector<std::string> consumers;  ///< who reads the result in the own log
  std::vector<lifecycle::certificate_end> certificates{};
  store_actor store;
  ledger_actor ledger;
  key_token_actor key_token;
  std::function<void()> reopen_home{};  ///< when another state closes or opens the doors into the home
  clock_function now;
  announce_function announce;
};

struct state_core;
struct state_keeper_state {
  std::shared_ptr<state_core> core;
  static inline const char* name = "state";
};

/// Keeps the record of the operating state (docs/states.md), runs the self-tests, and warns of certificates that end.
[[nodiscard]] state_actor::behavior_type state_keeper(state_actor::stateful_pointer<state_keeper_state> self,
                                                      state_parts parts);

}  // namespace smgw
