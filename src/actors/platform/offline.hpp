// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

/// \file
/// Looking into the store of a gateway that does not run.

#include "actors/messages/ledger.hpp"
#include "actors/platform/log_page.hpp"

#include <filesystem>

namespace smgw::platform {

/// Verifies the chains of all logs. unavailable: a gateway runs on this data directory.
[[nodiscard]] expected<log_verdict> verify_offline(const std::filesystem::path& configuration);

/// The store of a gateway that does not run, for questions about its logs.
class still_logs {
 public:
  /// unavailable: a gateway runs on this data directory.
  [[nodiscard]] static expected<still_logs> open(const std::filesystem::path& configuration);
  /// A page of a log. conflict: there is no such log.
  [[nodiscard]] expected<log_lines> page(const log_question& q) const;

 private:
  explicit still_logs(store::database db) : db_(std::move(db)) {}
  store::database db_;
};

}  // namespace smgw::platform
