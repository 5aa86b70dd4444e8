// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

/// \file
/// Compares decoded M-Bus records with the `records` of a row: used by the kinds wmbus and mbus and by the unit tests.

#include "protocols/mbus/record.hpp"

#include <nlohmann/json.hpp>

#include <string>

namespace smgw::vectors {

/// Empty if every expected record came out, else what differs. `records` decodes the application data; `whole` is the
/// same data where it stands on its own (to look up the base of a profile).
[[nodiscard]] std::string compare_records(const nlohmann::json& expected, mbus::record_reader records,
                                          bytes_view whole);

}  // namespace smgw::vectors
