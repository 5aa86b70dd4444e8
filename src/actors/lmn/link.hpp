// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

#include "actors/interfaces/lmn.hpp"
#include "actors/interfaces/metering.hpp"
#include "actors/world.hpp"
#include "domain/profile/meter.hpp"

namespace smgw {

/// A meter that is heard on this port.
struct linked_meter {
  profile::meter profile;
  meter_actor actor;
};

struct link_parts {
  std::string port;
  std::vector<linked_meter> meters;
  open_function open;  ///< may block: the link has a thread of its own
  clock_function now;
  announce_function announce;
};

struct link_core;
struct link_state {
  std::shared_ptr<link_core> core;
  static inline const char* name = "link";
};

/// Reads SML from one port and hands each telegram to the meter it came from. The port is opened again, ever more
/// patiently, whenever it is lost; noise is passed over and counted.
[[nodiscard]] link_actor::behavior_type lmn_link(link_actor::stateful_pointer<link_state> self, link_parts parts);

}  // namespace smgw
