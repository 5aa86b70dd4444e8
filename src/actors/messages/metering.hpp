// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

/// \file
/// Meters, tariffs and the OUTBOX.

#include "actors/discipline.hpp"
#include "domain/tariff/lists.hpp"
#include "store/database.hpp"

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace smgw {

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
/// Tell the newest telegram of the meter.
struct read_live {};
/// The telegram, if there was one since the start.
struct live_reading {
  std::optional<meter_read> last;
};
/// These entries of an original list are on disk.
struct entries_stored {
  std::vector<list_entry> entries;
};

/// Read rows of a list that a contract keeps or forms: from <= at <= to, oldest first.
struct read_rows {
  tariff::list_kind kind = tariff::list_kind::daily;
  timestamp from;
  timestamp to;
};
/// The rows; the registers as they stand are the last row of `derived`.
struct row_page {
  std::vector<tariff::register_row> rows;
};

/// Queue these deliveries and apply `with` in the same atomic step.
struct submit {
  struct delivery {
    std::string recipient;    ///< id of a WAN profile
    std::string consumer;     ///< whose log tells of it
    std::string description;  ///< for people: what is sent
    std::uint32_t values = 0;
    timestamp not_before;
    bytes content;              ///< the document, before protection
    std::string target{};       ///< path at the recipient; empty: that of its profile
    std::string correlation{};  ///< x-CID of what it answers; empty: it answers nothing
    bool json = false;          ///< the document is JSON; else XML
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

}  // namespace smgw

SMGW_MESSAGE(meter_read)
SMGW_MESSAGE(read_live)
SMGW_MESSAGE(live_reading)
SMGW_MESSAGE(entries_stored)
SMGW_MESSAGE(read_rows)
SMGW_MESSAGE(row_page)
SMGW_MESSAGE(submit)
SMGW_MESSAGE(submitted)
SMGW_MESSAGE(await_delivery)
SMGW_MESSAGE(due_delivery)
SMGW_MESSAGE(delivery_outcome)
SMGW_MESSAGE(outcome_recorded)
