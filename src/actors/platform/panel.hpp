// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

#include "actors/interfaces/platform.hpp"
#include "actors/world.hpp"

#include <smgw/ports/display.hpp>

#include <set>

namespace smgw {

struct panel_parts {
  std::shared_ptr<ports::display> display;
  std::set<std::string> radios;  ///< LMN ports that are wireless
  status_actor status;
  announce_function announce;
};

struct panel_core;
struct panel_state {
  std::shared_ptr<panel_core> core;
  static inline const char* name = "panel";
};

/// Shows how the gateway is on the box's lamps; what has not changed is not shown again. Own thread: a display may take
/// its time.
[[nodiscard]] panel_actor::behavior_type panel(panel_actor::stateful_pointer<panel_state> self, panel_parts parts);

/// The lamps that these reports mean.
[[nodiscard]] ports::lamps lamps_of(const gateway_status& status, const std::set<std::string>& radios);

}  // namespace smgw
