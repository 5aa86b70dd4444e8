// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

#include "actors/messages/metering.hpp"

#include <string_view>

namespace smgw::lmn {

/// Adds the values of a readout's data lines (IEC 62056-21, P1) that have a name and a known unit: of each line the
/// first; behind a time, as sub-meters and demands of P1 send it, the second. Also those of DSMR 2 and 3, whose gas
/// stands on a line of its own.
void add_readout_values(std::string_view data, meter_read& read);

}  // namespace smgw::lmn
