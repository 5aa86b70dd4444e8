// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

/// \file
/// From M-Bus records to OBIS codes (OMS vol. 2 annex A; EN 13757-1 for gas, water, heat; IEC 62056-6-1 for
/// electricity).

#include "protocols/mbus/identity.hpp"
#include "protocols/mbus/record.hpp"

#include <optional>

namespace smgw::mbus {

/// The OBIS code of a record of a meter of this device type, or nothing: values that are no input values of a gateway,
/// that carry qualifiers without a code or a unit without one (cubic feet), and manufacturer data (REQ.WMBUS.apl.30).
///
/// A: medium, B: channel 0, E: tariff, F: 255. Storage 0 is the current value; storage 1 the value at the last set
/// date, which has a code of its own where EN 13757-1 gives one. Other storages (profiles, months) have none here.
[[nodiscard]] std::optional<obis> obis_of(const record& r, std::uint8_t device_type) noexcept;

}  // namespace smgw::mbus
