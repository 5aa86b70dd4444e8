// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

#include "actors/interfaces/foundation.hpp"
#include "actors/platform/conditions.hpp"
#include "actors/world.hpp"
#include "domain/ledger/chain.hpp"
#include "domain/profile/log.hpp"

namespace smgw {

struct ledger_parts {
  store_actor store;
  key_token_actor key_token;
  profile::log bounds;
  clock_function now;
  announce_function announce;
  /// Tells the administrator; false: not now, ask again. Empty: nobody is told.
  std::function<bool(const ledger::record&)> raise{};
  std::shared_ptr<smgw::conditions> conditions;  ///< a full calibration log stops the gateway
};

struct ledger_core;
struct ledger_state {
  std::shared_ptr<ledger_core> core;
  static inline const char* name = "ledger";
};

/// Keeps the heads of the hash chains and writes records in order: one commit at a time, which takes all that waits.
[[nodiscard]] ledger_actor::behavior_type ledger_keeper(ledger_actor::stateful_pointer<ledger_state> self,
                                                        ledger_parts parts);

/// The name of a log in the store: `system`, `calibration`, `consumer/<id>`.
[[nodiscard]] std::string log_name(const ledger::log_id& log);
/// The same, backwards; nothing for other names.
[[nodiscard]] std::optional<ledger::log_id> log_of(std::string_view name);

/// The name of the state that tells where a log begins once its oldest records are gone.
[[nodiscard]] std::string begin_name(std::string_view log);

/// SHA-256 for the chains.
[[nodiscard]] ledger::hash_function chain_hash();

}  // namespace smgw
