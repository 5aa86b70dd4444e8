// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

/// \file
/// What remembers, proves and signs.

#include "actors/messages/common.hpp"
#include "actors/messages/keys.hpp"
#include "actors/messages/ledger.hpp"
#include "actors/messages/store.hpp"

namespace smgw {

/// KEY TOKEN: everything that needs a private key. Own thread: a module takes its time.
using key_token_actor =
    interface<answers<protect_content, protected_content>, answers<open_content, opened_content>,
              answers<request_certificates, certificate_requests>,
              answers<install_certificates, certificates_installed>, answers<sign_entries, signed_entries>,
              answers<sign_digest, digest_signature>, answers<sign_content, signed_content>,
              answers<query_status, status_report>, answers<destroy_keys, keys_destroyed>,
              answers<settle_certificates, certificates_settled>, hears<renew_credentials>>;
/// STORE: the only place that remembers. Own thread: the disk takes its time. Commits that wait are joined in one sync.
using store_actor = interface<answers<commit, committed>, answers<read_list, list_page>, answers<read_last, list_page>,
                              answers<read_lists, list_names>, answers<read_state, state_value>,
                              answers<read_due, due_item>, answers<count_outbox, outbox_counts>,
                              answers<read_records, record_page>, answers<read_last_record, record_page>,
                              answers<read_logs, log_names>, answers<query_status, status_report>, hears<wake>>;
/// LEDGER: appends records to the logs and proves their order. A record is on disk before the answer leaves.
using ledger_actor = interface<answers<record_event, event_recorded>, answers<verify_logs, log_verdict>,
                               answers<query_status, status_report>, hears<wake>>;

}  // namespace smgw
