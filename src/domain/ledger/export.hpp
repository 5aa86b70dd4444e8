// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

#include "domain/ledger/checkpoint.hpp"

#include <string>

namespace smgw::ledger {

/// How a record is shown.
enum class show_as : std::uint8_t {
  text,      ///< one line for people
  json,      ///< one JSON object
  evidence,  ///< JSON with the stored octets and the chain hash: whoever has them can verify the chain anew
};

/// One line for one stored record, without line break. malformed: the record cannot be read.
[[nodiscard]] expected<std::string> show(bytes_view stored, show_as how);

/// The last line of an export: where the chain began and ended, and the newest signed checkpoint, if there is one.
[[nodiscard]] std::string export_end(const head& begin, std::uint32_t last, const std::optional<checkpoint>& newest);

}  // namespace smgw::ledger
