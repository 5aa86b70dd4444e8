// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

/// \file
/// Writing A-XDR: for simulated meters and round-trip tests. The caller keeps counts and members in step.

#include "protocols/dlms/axdr.hpp"

namespace smgw::dlms::axdr {

void put_array(bytes& out, std::size_t members);
void put_structure(bytes& out, std::size_t members);
void put_null(bytes& out);
/// Any type of fixed size that holds an integer; the value is cut to its size.
void put_integer(bytes& out, type what, std::int64_t value);
void put_float32(bytes& out, float value);
void put_float64(bytes& out, double value);
/// octet_string, visible_string or utf8_string.
void put_octets(bytes& out, type what, bytes_view data);
void put_bits(bytes& out, bytes_view data, std::size_t bits);
/// date_time, date or time: the octets as they are (12, 5 or 4).
void put_fixed(bytes& out, type what, bytes_view data);
/// `description` is the TypeDescription of one member, `contents` the members without tags.
void put_compact_array(bytes& out, bytes_view description, bytes_view contents);

/// Common in pushes: the six octets of a logical name.
void put_name(bytes& out, const obis& name);
/// Common in pushes: the structure of scaler and unit.
void put_scaler_unit(bytes& out, std::int8_t scaler, unit u);

}  // namespace smgw::dlms::axdr
