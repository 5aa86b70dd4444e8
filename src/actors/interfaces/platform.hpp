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

}  // namespace smgw
