// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

/// \file
/// The gateway as a whole.

#include "actors/messages/common.hpp"

#include <vector>

namespace smgw {

/// The reports of all actors.
struct gateway_status {
  std::vector<status_report> reports;
};

}  // namespace smgw

SMGW_MESSAGE(gateway_status)
