// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

#include "actors/interfaces/foundation.hpp"
#include "actors/interfaces/metering.hpp"
#include "actors/platform/conditions.hpp"
#include "actors/world.hpp"

namespace smgw {

/// Deliveries whose content was refused so often are set aside and reported: they hold up nothing any more.
inline constexpr std::uint32_t max_refusals = 5;

struct outbox_parts {
  store_actor store;
  ledger_actor ledger;
  clock_function now;
  announce_function announce;
  std::shared_ptr<smgw::conditions> conditions;  ///< whether anything may leave
  std::string administrator{};                   ///< the recipient who is told also in a secure state
};

struct outbox_core;
struct outbox_state {
  std::shared_ptr<outbox_core> core;
  static inline const char* name = "outbox";
};

/// Store and forward: what is queued is on disk, what is acknowledged is removed together with the consumer's log
/// record that tells of it. Holds no copy of its own; it knows who waits.
[[nodiscard]] outbox_actor::behavior_type outbox(outbox_actor::stateful_pointer<outbox_state> self, outbox_parts parts);

}  // namespace smgw
