// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

/// \file
/// To and from the LEDGER.

#include "actors/discipline.hpp"
#include "domain/ledger/record.hpp"
#include "store/database.hpp"

#include <memory>
#include <string>
#include <vector>

namespace smgw {

/// Record an event in the logs its catalogue entry names; `with` is committed in the same atomic step.
struct record_event {
  ledger::record what;
  std::vector<std::string> consumers;  ///< whose logs, where the event belongs into consumer logs
  std::shared_ptr<store::batch> with;  ///< may be null
};
/// The event is recorded.
struct event_recorded {};
/// Verify the chains of all logs from their beginning.
struct verify_logs {};
/// What verification found, one line per log.
struct log_verdict {
  bool whole = true;
  std::vector<std::string> lines;
};

}  // namespace smgw

SMGW_MESSAGE(record_event)
SMGW_MESSAGE(event_recorded)
SMGW_MESSAGE(verify_logs)
SMGW_MESSAGE(log_verdict)
