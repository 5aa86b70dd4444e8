// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

/// \file
/// Towards the home network.

#include "actors/messages/cls.hpp"
#include "actors/messages/han.hpp"
#include "actors/messages/io.hpp"

namespace smgw {

/// HOME: who may see what, and the answers to all requests of the home network.
using home_actor = interface<answers<home_request, home_answer>, answers<query_status, status_report>, hears<wake>>;
/// DOOR: listens, and starts a session for each connection, within its limits.
using door_actor = interface<hears<home_connection>, answers<query_status, status_report>, hears<wake>>;
/// SESSION: one connection: TLS and HTTP. Own thread: its handshake waits for the key store.
using session_actor =
    interface<hears<wire_bytes>, hears<wire_closed>, hears<wire_written>, hears<home_event>, hears<wake>>;
/// TIME_SESSION: one connection to the time server. Own thread, as SESSION.
using time_session_actor = interface<hears<wire_bytes>, hears<wire_closed>, hears<wake>>;
/// RESPONDER: tells the home network the gateway's name, and asks for those of others.
using responder_actor = interface<answers<resolve_name, name_addresses>, hears<name_found>,
                                  answers<query_status, status_report>, hears<wake>>;
/// PROXY: controllable systems and their market participants.
using proxy_actor = interface<hears<home_connection>, answers<open_proxy, proxy_opening>, hears<relay_said>,
                              hears<relay_over>, answers<query_status, status_report>, hears<wake>>;

}  // namespace smgw
