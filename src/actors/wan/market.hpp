// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

#include "actors/interfaces/foundation.hpp"
#include "actors/interfaces/metering.hpp"
#include "actors/interfaces/wan.hpp"
#include "actors/world.hpp"
#include "domain/profile/wan.hpp"

namespace smgw {

/// A connection without a request is closed after this time: no longer than needed (PP-0073, trusted channels).
inline constexpr std::chrono::seconds market_idle{15};
/// How long the outbox may keep the question for the next delivery open.
inline constexpr std::chrono::minutes delivery_wait{5};
/// Compressing, encrypting and signing on a slow security module.
inline constexpr std::chrono::seconds protect_budget{30};
/// Time from dialling to the authenticated channel.
inline constexpr std::chrono::seconds dial_budget{30};

/// PROPOSED: where at the administrator's service address things go, below its point of contact.
[[nodiscard]] std::string service_path(const profile::wan& administrator, std::string_view place);

struct market_parts {
  profile::wan peer;
  outbox_actor outbox;
  key_token_actor key_token;
  ledger_actor ledger;
  dial_function dial;
  clock_function now;
  announce_function announce;
  std::uint64_t seed = 0;  ///< of the retries' jitter: one per gateway
};

struct market_core;
struct market_state {
  std::shared_ptr<market_core> core;
  static inline const char* name = "market";
};

/// INFO-REPORT (overview 3.1, WKS3): the gateway is TLS and HTTP client; a delivery is done only when the market
/// participant has answered 2xx.
[[nodiscard]] market_actor::behavior_type market(market_actor::stateful_pointer<market_state> self, market_parts parts);

}  // namespace smgw
