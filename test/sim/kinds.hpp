// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

/// \file
/// What kinds of meters the program `smgw-sim meter` can be.

#include "meter.hpp"

#include <filesystem>

namespace smgw::sim {

struct kind_options {
  std::string kind = "sml";  ///< sml, wmbus, dlms, d0, hdlc, mbus
  std::string key, authentication_key;
  unsigned mode = 7;   ///< wmbus
  unsigned count = 1;  ///< wmbus, hdlc, mbus
  unsigned loss_percent = 0;
  std::filesystem::path certificate;  ///< hdlc: folder
  std::filesystem::path gateway;      ///< hdlc: file
};

/// Makes a meter speak by the protocol of its kind. malformed: keys, ids, or certificates that are missing.
[[nodiscard]] expected<void> choose_kind(const kind_options& o, timestamp now, meter_options& into);

}  // namespace smgw::sim
