// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

/// \file
/// Every typed handle, one line per handler: the architecture on one page. Roles stand in CAPITALS.
/// Start order is dependency order: each may hold handles of those above it, never of those below.

#include "actors/messages.hpp"

namespace smgw {

/// Answers when asked how it is.
using reporting_actor = interface<answers<query_status, status_report>>;

// --- io --------------------------------------------------------------------------------------------------------------

/// WIRE: moves the bytes of one descriptor and does nothing else.
using wire_actor = interface<hears<wire_write>, hears<wire_more>, hears<wire_close>>;
/// Who owns a wire.
using wire_user = interface<hears<wire_bytes>, hears<wire_closed>>;
/// CHANNEL: one TLS connection over a wire. Own thread: its handshake waits for the key token.
using channel_actor =
    interface<hears<wire_bytes>, hears<wire_closed>, hears<channel_write>, hears<channel_close>, hears<wake>>;
/// Who owns a channel.
using channel_user = interface<hears<channel_opened>, hears<channel_received>, hears<channel_closed>>;

// --- foundation ------------------------------------------------------------------------------------------------------

/// KEY TOKEN: everything that needs a private key. Own thread: a module takes its time.
using key_token_actor = interface<answers<protect_content, protected_content>, answers<sign_entries, signed_entries>,
                                  answers<sign_digest, digest_signature>, answers<query_status, status_report>>;
/// STORE: the only place that remembers. Own thread: the disk takes its time. Commits that wait are joined in one sync.
using store_actor =
    interface<answers<commit, committed>, answers<read_list, list_page>, answers<read_last, list_page>,
              answers<read_state, state_value>, answers<read_due, due_item>, answers<count_outbox, outbox_counts>,
              answers<read_records, record_page>, answers<read_last_record, record_page>, answers<read_logs, log_names>,
              answers<query_status, status_report>, hears<wake>>;
/// LEDGER: appends records to the logs and proves their order. A record is on disk before the answer leaves.
using ledger_actor = interface<answers<record_event, event_recorded>, answers<verify_logs, log_verdict>,
                               answers<query_status, status_report>, hears<wake>>;

// --- metering --------------------------------------------------------------------------------------------------------

/// OUTBOX: what is to be delivered, oldest first, until the other side has acknowledged it.
using outbox_actor =
    interface<answers<submit, submitted>, answers<await_delivery, due_delivery>,
              answers<delivery_outcome, outcome_recorded>, answers<query_status, status_report>, hears<wake>>;
/// CONTRACT: one evaluation profile at work: original list entries in, deliveries out.
using contract_actor = interface<hears<entries_stored>, answers<query_status, status_report>, hears<wake>>;
/// METER: keeps the original value lists of one meter.
using meter_actor = interface<hears<meter_read>, answers<query_status, status_report>, hears<wake>>;

// --- lmn -------------------------------------------------------------------------------------------------------------

/// LINK: bytes of one port to telegrams of its meters; opens the port and opens it again.
using link_actor = interface<hears<wire_bytes>, hears<wire_closed>, answers<query_status, status_report>, hears<wake>>;

// --- wan -------------------------------------------------------------------------------------------------------------

/// MARKET: delivers to one market participant over a connection that it opens.
using market_actor = interface<hears<channel_opened>, hears<channel_received>, hears<channel_closed>,
                               answers<query_status, status_report>, hears<wake>>;

// --- platform --------------------------------------------------------------------------------------------------------

/// STATUS: asks everyone how they are.
using status_actor = interface<answers<query_status, gateway_status>>;

}  // namespace smgw
