// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

#include "actors/ask.hpp"
#include "actors/foundation/log_name.hpp"
#include "actors/interfaces/foundation.hpp"
#include "actors/metering/meter.hpp"
#include "domain/ledger/room.hpp"

namespace smgw {

/// Asks the STORE where a log begins, behind the records that were cut off; `ok` gets the head, `failed` the error.
template <class Self, class Ok, class Failed>
void read_begin(Self* self, const store_actor& store, const std::string& log, Ok ok, Failed failed) {
  ask(
      self, store, store_budget, read_state{begin_name(log)},
      [id = *log_of(log), ok, failed](const state_value& v) mutable {
        if (!v.value) return ok(ledger::begin(id, chain_hash()));
        const auto begin = ledger::decode_begin(*v.value, id);
        begin ? ok(*begin) : failed(begin.error());
      },
      failed);
}

}  // namespace smgw
