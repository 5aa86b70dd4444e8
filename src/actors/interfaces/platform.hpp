// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

/// \file
/// The gateway as a whole.

#include "actors/messages/common.hpp"
#include "actors/messages/platform.hpp"

namespace smgw {

/// STATUS: asks everyone how they are.
using status_actor = interface<answers<query_status, gateway_status>>;
/// WATCHDOG, PANEL: what the box shows and who starts it anew. PANEL has a thread of its own.
using feeder_actor = interface<answers<query_status, status_report>, hears<wake>>;
using panel_actor = feeder_actor;
/// UPDATE: firmware slots. Own thread: they take their time.
using updater_actor =
    interface<answers<stage_firmware, firmware_staged>, answers<activate_firmware, firmware_activated>,
              answers<inspect_firmware, ports::firmware_state>, answers<query_status, status_report>, hears<wake>>;

/// STATE: records changes of the operating state, tests the gateway at the start, each day and on request.
using state_actor = interface<hears<state_changed>, answers<run_self_test, self_test_result>,
                              answers<query_status, status_report>, hears<wake>>;

}  // namespace smgw
