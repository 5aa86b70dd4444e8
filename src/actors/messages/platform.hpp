// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

/// \file
/// The gateway as a whole.

#include "actors/messages/common.hpp"
#include "domain/state/machine.hpp"

#include <smgw/ports/update_slot.hpp>

#include <functional>
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
/// Write a firmware of `size` octets into the slot that does not run, and verify it.
struct stage_firmware {
  std::uint64_t size = 0;
  std::function<expected<bytes>()> next;  ///< the next piece, called on UPDATE's thread; empty: the end
};
/// The firmware is verified, written, and may be activated.
struct firmware_staged {
  std::string version;
};
/// Start the staged firmware next time.
struct activate_firmware {};
/// It will start next time, on trial.
struct firmware_activated {};
/// Tell which firmware runs and which is staged.
struct inspect_firmware {};

}  // namespace smgw

SMGW_MESSAGE(gateway_status)
SMGW_MESSAGE(state_changed)
SMGW_MESSAGE(run_self_test)
SMGW_MESSAGE(self_test_result)
SMGW_MESSAGE(stage_firmware)
SMGW_MESSAGE(firmware_staged)
SMGW_MESSAGE(activate_firmware)
SMGW_MESSAGE(firmware_activated)
SMGW_MESSAGE(inspect_firmware)
SMGW_MESSAGE(ports::firmware_state)
