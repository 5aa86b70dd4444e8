// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

#include "actors/interfaces/platform.hpp"
#include "actors/world.hpp"

#include <smgw/ports/watchdog.hpp>

namespace smgw {

struct feeder_parts {
  std::shared_ptr<ports::watchdog> watchdog;
  status_actor status;
  announce_function announce;
};

struct feeder_core;
struct feeder_state {
  std::shared_ptr<feeder_core> core;
  static inline const char* name = "watchdog";
};

/// Arms the watchdog and feeds it for as long as every actor answers: STATUS asks them all, STORE and LEDGER too.
/// A gateway in which one hangs is not fed, however busy the others are.
[[nodiscard]] feeder_actor::behavior_type watchdog_feeder(feeder_actor::stateful_pointer<feeder_state> self,
                                                          feeder_parts parts);

/// True if everyone who was asked has answered.
[[nodiscard]] bool all_answered(const gateway_status& status);

}  // namespace smgw
