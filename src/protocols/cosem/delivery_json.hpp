// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

/// \file
/// A value delivery as JSON, for market participants whose profile asks for it. PROPOSED: the schema of version 2 of
/// the guideline is not published; names follow the DKE XML document, values are decimal texts and so exact.
///
///   {"logical_name": "01005e318027.taf7-1.sm",
///    "columns": [{"logical_name": "0100010800ff.1emh0010482201.sm",
///                 "entries": [{"capture_time": "2026-05-14T22:00:01Z", "value": "63910.8", "unit": 30,
///                              "status": "0000000500000004", "smgw_signature": "…"}]}]}

#include "protocols/cosem/delivery.hpp"

namespace smgw::cosem {

/// malformed: a name with other characters than 0-9 a-z . -; exhausted: a bound of delivery.hpp.
[[nodiscard]] expected<std::string> write_json(const delivery& d);
/// Reads what write_json writes, with members in any order. malformed (also: an unknown member), exhausted.
[[nodiscard]] expected<delivery> read_json(std::string_view document);

}  // namespace smgw::cosem
