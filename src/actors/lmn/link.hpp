// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

#include "actors/interfaces/foundation.hpp"
#include "actors/interfaces/lmn.hpp"
#include "actors/interfaces/metering.hpp"
#include "actors/lmn/line.hpp"
#include "actors/world.hpp"

namespace smgw {

/// Makes the line of a port: anew for each link, as its state must not outlive it.
using line_function = std::function<expected<std::unique_ptr<lmn::line>>()>;

struct link_parts {
  std::string port;
  line_function line;
  std::vector<meter_actor> meters;  ///< in the order of the line's profiles
  store_actor store;
  open_function open;  ///< may block: the link has a thread of its own
  clock_function now;
  announce_function announce;
};

struct link_core;
struct link_state {
  std::shared_ptr<link_core> core;
  static inline const char* name = "link";
};

/// Reads one port and hands each telegram to the meter it came from. The port is opened again, ever more patiently,
/// whenever it is lost; noise is passed over and counted. Message counters are read before the port is opened, and a
/// telegram goes on only when its counter is on disk, so that no power loss lets it be heard twice.
[[nodiscard]] link_actor::behavior_type lmn_link(link_actor::stateful_pointer<link_state> self, link_parts parts);

}  // namespace smgw
