// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

/// \file
/// The gateway as a whole.

#include "actors/messages/common.hpp"
#include "domain/state/machine.hpp"

#include <string>
#include <vector>

namespace smgw {

/// The reports of all actors.
struct gateway_status {
  std::vector<status_report> reports;
};

/// The operating state changed.
struct state_changed {
  state::transition what;
};
/// Test yourself; refused while one runs, and within ten minutes of the last.
struct run_self_test {
  std::string on_behalf;  ///< role and id of whoever asks, for the logs
};
/// What a self-test found.
struct self_test_result {
  bool passed = true;
  std::vector<std::string> lines;  ///< one per check
};

}  // namespace smgw

SMGW_MESSAGE(gateway_status)
SMGW_MESSAGE(state_changed)
SMGW_MESSAGE(run_self_test)
SMGW_MESSAGE(self_test_result)
