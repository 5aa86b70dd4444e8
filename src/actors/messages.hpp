// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

/// \file
/// Every message of the gateway, one sentence each. None leaves the process.

#include "actors/discipline.hpp"
#include "base/secret.hpp"
#include "domain/ledger/record.hpp"
#include "domain/tariff/contract.hpp"
#include "store/database.hpp"

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace smgw {

// --- bytes in and out ------------------------------------------------------------------------------------------------

/// The peer sent this; the next comes only after `wire_more` (back-pressure).
struct wire_bytes {
  bytes data;
  timestamp arrived;  ///< when it was read, by the gateway's clock
};
/// The stream is gone; nothing follows.
struct wire_closed {
  error reason;
};
/// The last `wire_bytes` was taken: read on.
struct wire_more {};
/// Send this to the peer.
struct wire_write {
  bytes data;
};
/// Flush what is buffered, then close.
struct wire_close {};

/// The secure channel stands: both sides are authenticated.
struct channel_opened {
  std::string description;  ///< version, suite and peer, for the log
};
/// The peer said this, decrypted.
struct channel_received {
  bytes data;
};
/// The channel is gone, or never came to be.
struct channel_closed {
  error reason;
};
/// Encrypt this and send it.
struct channel_write {
  bytes data;
};
/// Say goodbye and close.
struct channel_close {};

// --- store -----------------------------------------------------------------------------------------------------------

/// Apply these changes atomically and durably.
struct commit {
  std::shared_ptr<store::batch> changes;
};
/// The changes are on disk.
struct committed {};
/// Read entries of an original list with `after` < target <= `until`, oldest first.
struct read_list {
  device_id meter;
  obis register_name;
  std::chrono::seconds period;
  timestamp after;
  timestamp until;
  std::size_t limit = 4096;
};
/// Entries of a list, oldest first.
struct list_page {
  std::vector<list_entry> entries;
};
/// Read the newest entry of an original list.
struct read_last {
  device_id meter;
  obis register_name;
  std::chrono::seconds period;
};
/// Read a small named value.
struct read_state {
  std::string name;
};
/// The value, if there is one.
struct state_value {
  std::optional<bytes> value;
};
/// Read the delivery to this recipient that is due first.
struct read_due {
  std::string recipient;
  timestamp now;
};
/// The delivery, or when the next one is due.
struct due_item {
  std::optional<store::outbox_entry> next;
  store::outbox_count waiting;
};
/// Count what lies in the outbox.
struct count_outbox {};
/// What lies there, by recipient.
struct outbox_counts {
  std::vector<std::pair<std::string, store::outbox_count>> recipients;
};
/// Read records of a log with numbers from `from` on.
struct read_records {
  std::string log;
  std::uint64_t from = 1;
  std::size_t limit = 256;
};
/// Read the newest record of a log.
struct read_last_record {
  std::string log;
};
/// Name the logs that have records.
struct read_logs {};
/// Their names.
struct log_names {
  std::vector<std::string> names;
};
/// Records of a log, oldest first.
struct record_page {
  std::vector<store::log_record> records;
};

// --- ledger ----------------------------------------------------------------------------------------------------------

/// Record an event in the logs its catalogue entry names; `with` is committed in the same atomic step.
struct record_event {
  ledger::record what;
  std::vector<std::string> consumers;  ///< whose logs, where the event belongs into consumer logs
  std::shared_ptr<store::batch> with;  ///< may be null
};
/// The event is recorded.
struct event_recorded {};
/// Verify the chains of all logs from their beginning.
struct verify_logs {};
/// What verification found, one line per log.
struct log_verdict {
  bool whole = true;
  std::vector<std::string> lines;
};

// --- meters and tariffs ----------------------------------------------------------------------------------------------

/// One value as a meter sent it.
struct meter_value {
  obis register_name;
  decimal value;
  unit measured = unit::none;
};
/// A decoded telegram of one meter.
struct meter_read {
  timestamp captured;
  std::uint32_t meter_status = 0;
  std::vector<meter_value> values;
};
/// These entries of an original list are on disk.
struct entries_stored {
  std::vector<list_entry> entries;
};

// --- outbox and market participants ----------------------------------------------------------------------------------

/// Queue these deliveries and apply `with` in the same atomic step.
struct submit {
  struct delivery {
    std::string recipient;    ///< id of a WAN profile
    std::string consumer;     ///< whose log tells of it
    std::string description;  ///< for people: what is sent
    std::uint32_t values = 0;
    timestamp not_before;
    bytes content;  ///< the document, before protection
  };
  std::vector<delivery> deliveries;
  std::shared_ptr<store::batch> with;
};
/// The deliveries are queued, on disk.
struct submitted {};
/// Wait for something to deliver to this recipient.
struct await_delivery {
  std::string recipient;
};
/// The oldest delivery that is due, or none within the wait.
struct due_delivery {
  struct item {
    std::uint64_t number = 0;
    std::uint32_t attempts = 0;
    submit::delivery what;
  };
  std::optional<item> next;
};
/// The other side has acknowledged (2xx), or has not.
struct delivery_outcome {
  std::uint64_t number = 0;
  std::optional<error> failed;    ///< empty: acknowledged
  bool refused_for_good = false;  ///< the content itself was refused: set it aside after some attempts
  std::string destination;        ///< where it went, for the consumer's log
};
/// The outcome is on disk.
struct outcome_recorded {};

// --- key token -------------------------------------------------------------------------------------------------------

/// Compress, encrypt for the recipient, and sign.
struct protect_content {
  std::string recipient;  ///< id of a WAN profile
  bytes content;
};
/// The protected message, ready to send.
struct protected_content {
  bytes message;
};
/// Sign these entries with the inner signature.
struct sign_entries {
  std::vector<list_entry> entries;
};
struct signed_entries {
  std::vector<list_entry> entries;
};
/// Sign a digest with the signature key.
struct sign_digest {
  bytes digest;
};
struct digest_signature {
  bytes signature;
};

// --- status ----------------------------------------------------------------------------------------------------------

/// Tell how you are.
struct query_status {};
/// Names and values, in the order they are shown; counters are numbers.
struct status_report {
  using value = std::variant<std::int64_t, std::string>;
  std::string who;
  std::vector<std::pair<std::string, value>> fields;
};
/// The reports of all actors.
struct gateway_status {
  std::vector<status_report> reports;
};
/// A timer of this actor has run out.
struct wake {
  std::uint64_t round = 0;
};

}  // namespace smgw

SMGW_MESSAGE(wire_bytes)
SMGW_MESSAGE(wire_closed)
SMGW_MESSAGE(wire_more)
SMGW_MESSAGE(wire_write)
SMGW_MESSAGE(wire_close)
SMGW_MESSAGE(channel_opened)
SMGW_MESSAGE(channel_received)
SMGW_MESSAGE(channel_closed)
SMGW_MESSAGE(channel_write)
SMGW_MESSAGE(channel_close)
SMGW_MESSAGE(commit)
SMGW_MESSAGE(committed)
SMGW_MESSAGE(read_list)
SMGW_MESSAGE(list_page)
SMGW_MESSAGE(read_last)
SMGW_MESSAGE(read_state)
SMGW_MESSAGE(state_value)
SMGW_MESSAGE(read_due)
SMGW_MESSAGE(due_item)
SMGW_MESSAGE(count_outbox)
SMGW_MESSAGE(outbox_counts)
SMGW_MESSAGE(read_records)
SMGW_MESSAGE(read_last_record)
SMGW_MESSAGE(read_logs)
SMGW_MESSAGE(log_names)
SMGW_MESSAGE(record_page)
SMGW_MESSAGE(record_event)
SMGW_MESSAGE(event_recorded)
SMGW_MESSAGE(verify_logs)
SMGW_MESSAGE(log_verdict)
SMGW_MESSAGE(meter_read)
SMGW_MESSAGE(entries_stored)
SMGW_MESSAGE(submit)
SMGW_MESSAGE(submitted)
SMGW_MESSAGE(await_delivery)
SMGW_MESSAGE(due_delivery)
SMGW_MESSAGE(delivery_outcome)
SMGW_MESSAGE(outcome_recorded)
SMGW_MESSAGE(protect_content)
SMGW_MESSAGE(protected_content)
SMGW_MESSAGE(sign_entries)
SMGW_MESSAGE(signed_entries)
SMGW_MESSAGE(sign_digest)
SMGW_MESSAGE(digest_signature)
SMGW_MESSAGE(query_status)
SMGW_MESSAGE(status_report)
SMGW_MESSAGE(gateway_status)
SMGW_MESSAGE(wake)
