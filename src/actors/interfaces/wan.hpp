// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

/// \file
/// Towards administrator and market participants.

#include "actors/messages/common.hpp"
#include "actors/messages/io.hpp"
#include "actors/messages/wan.hpp"

namespace smgw {

/// ADMINISTRATOR: dials the administrator after a wake-up and answers requests over that connection.
using administrator_actor = interface<hears<open_management>, hears<channel_opened>, hears<channel_received>,
                                      hears<channel_closed>, answers<query_status, status_report>, hears<wake>>;
/// FIRMWARE: fetches an image, verifies it, and starts and confirms it on the administrator's order. Own thread: slots
/// take their time.
using firmware_actor =
    interface<answers<order_firmware, firmware_report>, answers<query_firmware, firmware_report>, hears<channel_opened>,
              hears<channel_received>, hears<channel_closed>, answers<query_status, status_report>, hears<wake>>;
/// WAKE_UP: the one thing that is heard from outside without having been asked for, and never answered.
using wake_up_actor = interface<hears<wake_up_heard>, answers<query_status, status_report>>;
/// TIME_SYNC: asks the time server, corrects the gateway's clock, and says when its reserve is over.
using time_sync_actor = interface<hears<channel_opened>, hears<channel_received>, hears<channel_closed>,
                                  answers<query_status, status_report>, hears<wake>>;
/// MARKET: delivers to one market participant over a connection that it opens.
using market_actor = interface<hears<channel_opened>, hears<channel_received>, hears<channel_closed>,
                               answers<query_status, status_report>, hears<wake>>;

}  // namespace smgw
