// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

/// \file
/// What every actor answers.

#include "actors/messages/common.hpp"

namespace smgw {

/// Answers when asked how it is.
using reporting_actor = interface<answers<query_status, status_report>>;

}  // namespace smgw
