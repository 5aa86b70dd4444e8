// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

#include "actors/foundation/log_name.hpp"
#include "actors/interfaces/foundation.hpp"
#include "actors/platform/conditions.hpp"
#include "actors/world.hpp"
#include "domain/profile/log.hpp"

#include <map>

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
using ledger_pointer = ledger_actor::stateful_pointer<ledger_state>;

/// The newest record of each log, by the log's name.
using log_heads = std::map<std::string, ledger::head>;

/// Keeps the heads of the hash chains and writes records in order: one commit at a time, which takes all that waits.
[[nodiscard]] ledger_actor::behavior_type ledger_keeper(ledger_actor::stateful_pointer<ledger_state> self,
                                                        ledger_parts parts);

}  // namespace smgw
