// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

#include "actors/interfaces/han.hpp"
#include "actors/world.hpp"
#include "protocols/mdns/responder.hpp"

namespace smgw::han {

struct responder_parts {
  mdns::host host;     ///< without addresses: each interface has its own
  std::string listen;  ///< address of the home network's interface; unspecified: all that can multicast
  std::uint32_t seed = 1;
  announce_function announce;
};

struct responder_core;
struct responder_state {
  std::shared_ptr<responder_core> core;
  static inline const char* name = "responder";
};

/// Answers `<id>.local` and `smgw.local` on each interface of the home network, by IPv4 and IPv6, on a thread of its
/// own, and looks up names of others there. Where another device has the gateway's name it says so, answers no more on
/// that interface, and still asks.
[[nodiscard]] responder_actor::behavior_type responder(responder_actor::stateful_pointer<responder_state> self,
                                                       responder_parts parts);

}  // namespace smgw::han
