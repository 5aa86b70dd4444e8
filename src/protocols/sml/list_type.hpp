// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

#include "protocols/sml/values.hpp"

namespace smgw::sml {

/// SML_TimestampedValue.
struct timestamped_value {
  moment time;
  sml::status status;
  sml::value value;
  friend bool operator==(const timestamped_value&, const timestamped_value&) = default;
};
/// SML_CosemValue: a value with its scaler_unit.
struct cosem_value {
  sml::value value;
  std::int8_t scaler = 0;
  std::uint8_t unit = 255;
  friend bool operator==(const cosem_value&, const cosem_value&) = default;
};
/// SML_ListType, which SML 1.04 added to SML_Value: choices 01, 02 and 03.
using list_type = std::variant<moment, timestamped_value, cosem_value>;

/// Takes `value::data` of a value of type list apart. Refuses with malformed or truncated, and other choices with
/// unsupported.
[[nodiscard]] expected<list_type> decode_list_type(bytes_view encoded);

}  // namespace smgw::sml
