// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

/// \file
/// How the logs and what belongs to them are named in the store.

#include "domain/ledger/chain.hpp"

namespace smgw {

/// The name of a log in the store: `system`, `calibration`, `consumer/<id>`.
[[nodiscard]] std::string log_name(const ledger::log_id& log);
/// The same, backwards; nothing for other names.
[[nodiscard]] std::optional<ledger::log_id> log_of(std::string_view name);

/// The name of the state that tells where a log begins once its oldest records are gone.
[[nodiscard]] std::string begin_name(std::string_view log);
/// The name of the state that holds the newest checkpoint of a log.
[[nodiscard]] std::string checkpoint_name(std::string_view log);

/// SHA-256 for the chains.
[[nodiscard]] ledger::hash_function chain_hash();

}  // namespace smgw
