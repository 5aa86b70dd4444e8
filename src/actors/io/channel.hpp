// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

#include "actors/world.hpp"
#include "crypto/tls.hpp"

namespace smgw {

struct channel_parts {
  crypto::tls_config tls;
  open_function open;  ///< may block: the channel has a thread of its own
  clock_function now;
};

struct channel_core;
struct channel_state {
  std::shared_ptr<channel_core> core;
  static inline const char* name = "channel";
};

/// A TLS client connection: opens its wire, shakes hands, then moves application data both ways. Ends with its user,
/// with the session's lifetime (48 h), or when either side closes.
[[nodiscard]] channel_actor::behavior_type secure_channel(channel_actor::stateful_pointer<channel_state> self,
                                                          channel_parts parts, channel_user user);

}  // namespace smgw
