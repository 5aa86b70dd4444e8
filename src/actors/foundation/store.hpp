// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

#include "actors/interfaces/foundation.hpp"
#include "actors/world.hpp"
#include "store/database.hpp"

namespace smgw {

/// Opens the store; may block.
using open_store_function = std::function<expected<store::database>()>;

struct store_parts {
  open_store_function open;
  announce_function announce;
};

struct store_core;
struct store_state {
  std::shared_ptr<store_core> core;
  static inline const char* name = "store";
};

/// Keeps the database. Commits that arrive while one is on its way to the disk are joined: one sync for all of them.
[[nodiscard]] store_actor::behavior_type store_keeper(store_actor::stateful_pointer<store_state> self,
                                                      store_parts parts);

}  // namespace smgw
