// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

/// \file
/// Looking into the store of a gateway that does not run.

#include "actors/messages/ledger.hpp"

#include <filesystem>

namespace smgw::platform {

/// Verifies the chains of all logs. unavailable: a gateway runs on this data directory.
[[nodiscard]] expected<log_verdict> verify_offline(const std::filesystem::path& configuration);

/// The newest `count` records of a log as text, oldest first. conflict: there is no such log.
[[nodiscard]] expected<std::vector<std::string>> show_offline(const std::filesystem::path& configuration,
                                                              const std::string& log, std::size_t count);

}  // namespace smgw::platform
