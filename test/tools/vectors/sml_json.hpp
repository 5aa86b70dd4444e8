// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

/// \file
/// Decoded SML messages in the shape the rows of test/vectors use.

#include "protocols/sml/message.hpp"
#include "protocols/sml/readings.hpp"

#include <nlohmann/json_fwd.hpp>

#include <string>

namespace smgw::vectors {

/// Fields by name; octet strings as hex, absent as null, a time as `{tag, value}` (a bare number has tag 1).
[[nodiscard]] nlohmann::json to_json(const sml::message& m);
/// `{raw, scaler, value, unit, status, val_time}` or `{octets}` and the like.
[[nodiscard]] nlohmann::json to_json(const sml::register_value& r);
/// Compares every field that `expected` has; what differs is named in the text, empty if nothing does.
/// `value` is a decimal number in any notation: same digits and same scaler.
[[nodiscard]] std::string difference(const nlohmann::json& expected, const nlohmann::json& got, std::string path);

}  // namespace smgw::vectors
