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

/// STATE: records changes of the operating state, tests the gateway at the start, each day and on request.
using state_actor = interface<hears<state_changed>, answers<run_self_test, self_test_result>,
                              answers<query_status, status_report>, hears<wake>>;

}  // namespace smgw
