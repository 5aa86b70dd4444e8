// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

#include "actors/interfaces/han.hpp"
#include "actors/interfaces/metering.hpp"
#include "actors/interfaces/platform.hpp"
#include "actors/interfaces/wan.hpp"
#include "actors/root.hpp"

namespace smgw {

/// How often the address of the administrator's profile is dialled after one wake-up.
inline constexpr unsigned management_attempts = 4;
/// The longest answer of the tree. A longer one is asked for in parts (Range, q.fromidx, q.count).
inline constexpr std::size_t max_management_answer = std::size_t{512} << 10;
/// Records that one reading of a log's buffer brings, at most.
inline constexpr std::size_t max_log_page = 512;

struct administrator_parts {
  /// The parts as they are now: a changed profile counts from the next request on.
  std::function<std::shared_ptr<const tree_parts>()> current;
  std::function<void(std::shared_ptr<const tree_parts>)> apply;
  store_actor store;
  ledger_actor ledger;
  key_token_actor key_token;
  /// These live in realms that a change starts anew: looked up at each use.
  std::function<status_actor()> find_status;
  std::function<outbox_actor()> find_outbox;
  std::function<firmware_actor()> find_firmware;
  std::function<proxy_actor()> find_proxy;
};

struct administrator_core;
struct administrator_state {
  std::shared_ptr<administrator_core> core;
  static inline const char* name = "administrator";
};

/// MANAGEMENT (overview 3.1, WKS1): the gateway is TLS client and HTTP server on the connection that it dialled itself.
/// Requests come one after the other; what changes something is signed and encrypted for the gateway, and every
/// request is on record before its answer leaves.
[[nodiscard]] administrator_actor::behavior_type administrator(
    administrator_actor::stateful_pointer<administrator_state> self, administrator_parts parts);

}  // namespace smgw
