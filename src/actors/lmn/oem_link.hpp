// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

#include "actors/interfaces/lmn.hpp"
#include "actors/interfaces/metering.hpp"
#include "actors/world.hpp"

#include <smgw/ports/meter_protocol.hpp>

#include <map>

namespace smgw {

struct oem_link_parts {
  std::string port;
  std::map<device_id, meter_actor> meters;  ///< that have a profile on this port
  open_function open;                       ///< may block: the link has a thread of its own
  clock_function now;
  announce_function announce;
  std::shared_ptr<ports::meter_protocol> protocol;
};

struct oem_link_core;
struct oem_link_state {
  std::shared_ptr<oem_link_core> core;
  static inline const char* name = "link";
};

/// Of one report; more is a fault of the protocol.
inline constexpr std::size_t max_reported_registers = 256;
/// A capture that is older than this, or lies ahead, is a fault of the protocol.
inline constexpr std::chrono::minutes max_capture_age{5};

/// A port whose protocol the OEM supplies: the same life as `lmn_link`, with the protocol's own octets, readings and
/// deadlines in the middle.
[[nodiscard]] link_actor::behavior_type oem_link(link_actor::stateful_pointer<oem_link_state> self,
                                                 oem_link_parts parts);

}  // namespace smgw
