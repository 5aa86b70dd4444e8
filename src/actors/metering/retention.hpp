// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

#include "actors/interfaces/foundation.hpp"
#include "actors/interfaces/metering.hpp"
#include "actors/world.hpp"
#include "domain/profile/evaluation.hpp"

namespace smgw {

/// The first round waits until the contracts have read their lists; then once a day.
inline constexpr std::chrono::minutes first_retention{10};
inline constexpr std::chrono::hours retention_interval{24};

struct retention_parts {
  std::vector<profile::evaluation> evaluations;
  store_actor store;
  clock_function now;
  announce_function announce;
};

struct retention_core;
struct retention_state {
  std::shared_ptr<retention_core> core;
  static inline const char* name = "retention";
};

/// Deletes original values, rows and snapshots whose purpose is fulfilled, and everything of contracts that are gone.
/// One round at a time; a round that fails is tried again with the next.
[[nodiscard]] retention_actor::behavior_type retention_keeper(retention_actor::stateful_pointer<retention_state> self,
                                                              retention_parts parts);

}  // namespace smgw
