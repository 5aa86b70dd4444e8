// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

/// \file
/// To and from the STORE.

#include "actors/discipline.hpp"
#include "store/database.hpp"

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace smgw {

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
/// Name the original lists that have entries.
struct read_lists {};
/// Their names.
struct list_names {
  std::vector<store::list_name> lists;
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

}  // namespace smgw

SMGW_MESSAGE(commit)
SMGW_MESSAGE(committed)
SMGW_MESSAGE(read_list)
SMGW_MESSAGE(list_page)
SMGW_MESSAGE(read_last)
SMGW_MESSAGE(read_lists)
SMGW_MESSAGE(list_names)
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
