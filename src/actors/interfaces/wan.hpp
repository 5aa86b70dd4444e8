// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

/// \file
/// Towards administrator and market participants.

#include "actors/messages/common.hpp"
#include "actors/messages/io.hpp"

namespace smgw {

/// MARKET: delivers to one market participant over a connection that it opens.
using market_actor = interface<hears<channel_opened>, hears<channel_received>, hears<channel_closed>,
                               answers<query_status, status_report>, hears<wake>>;

}  // namespace smgw
