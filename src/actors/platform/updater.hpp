// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

#include "actors/interfaces/foundation.hpp"
#include "actors/interfaces/platform.hpp"
#include "actors/world.hpp"

namespace smgw {

/// How long a new firmware must run, with every actor answering, until it confirms itself; before that, a start anew
/// falls back to the old one.
inline constexpr std::chrono::seconds probation{60};
/// Writing and verifying an image.
inline constexpr std::chrono::minutes staging_budget{30};

struct updater_parts {
  std::shared_ptr<ports::update_slot> slot;
  status_actor status;
  ledger_actor ledger;
  clock_function now;
  announce_function announce;
};

struct updater_core;
struct updater_state {
  std::shared_ptr<updater_core> core;
  static inline const char* name = "update";
};

/// UPDATE: stages, activates and confirms firmware; each step is in the system and calibration logs before it is
/// answered. Own thread: a slot takes its time.
[[nodiscard]] updater_actor::behavior_type updater(updater_actor::stateful_pointer<updater_state> self,
                                                   updater_parts parts);

}  // namespace smgw
