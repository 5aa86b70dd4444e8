// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

/// \file
/// From readings to deliveries.

#include "actors/messages/common.hpp"
#include "actors/messages/metering.hpp"

namespace smgw {

/// OUTBOX: what is to be delivered, oldest first, until the other side has acknowledged it.
using outbox_actor =
    interface<answers<submit, submitted>, answers<await_delivery, due_delivery>,
              answers<delivery_outcome, outcome_recorded>, answers<query_status, status_report>, hears<wake>>;
/// CONTRACT: one evaluation profile at work: original list entries in, deliveries out.
using contract_actor =
    interface<hears<entries_stored>, answers<read_rows, row_page>, answers<query_status, status_report>, hears<wake>>;
/// RETENTION: deletes what has fulfilled its purpose.
using retention_actor = interface<answers<query_status, status_report>, hears<wake>>;
/// METER: keeps the original value lists of one meter.
using meter_actor =
    interface<hears<meter_read>, answers<read_live, live_reading>, answers<query_status, status_report>, hears<wake>>;

}  // namespace smgw
