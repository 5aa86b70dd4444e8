// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

#include "actors/interfaces/foundation.hpp"
#include "actors/interfaces/metering.hpp"
#include "actors/world.hpp"
#include "domain/privacy/pseudonym.hpp"
#include "domain/profile/evaluation.hpp"

namespace smgw {

/// An original list that enters a contract.
struct contract_input {
  device_id meter;
  obis register_name;
  std::chrono::seconds period{900};  ///< registration period of the meter: it names the list in the store
};

/// The shape of the documents for one WAN profile.
using format_function = std::function<profile::body_format(const std::string& wan)>;

struct contract_parts {
  profile::evaluation evaluation;
  std::vector<contract_input> inputs;
  store_actor store;
  ledger_actor ledger;
  outbox_actor outbox;
  clock_function now;
  announce_function announce;
  std::uint64_t seed = 0;  ///< of the dispatch jitter: one per gateway
  format_function format_for = [](const std::string&) { return profile::body_format::cosem_xml; };
  privacy::mac_function pseudonyms{};  ///< without it nothing goes to a recipient who may see a pseudonym only
};

struct contract_core;
struct contract_state {
  std::shared_ptr<contract_core> core;
  static inline const char* name = "contract";
};

/// One evaluation profile at work: starts from its cursor in the store, replays the original lists from there, then
/// follows what the meters store. Results and cursor go to the outbox in one atomic step.
[[nodiscard]] contract_actor::behavior_type contract(contract_actor::stateful_pointer<contract_state> self,
                                                     contract_parts parts);

/// The name of a contract's cursor in the store.
[[nodiscard]] std::string cursor_name(std::string_view contract);
/// The name of the cursor with which a billing period ended: lists of the next one are formed from there.
[[nodiscard]] std::string snapshot_name(std::string_view contract, timestamp period_end);
/// The name of a kept row.
[[nodiscard]] std::string row_name(std::string_view contract, tariff::list_kind kind, timestamp at);

}  // namespace smgw
