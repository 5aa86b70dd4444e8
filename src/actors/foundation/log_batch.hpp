// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

#include "actors/foundation/log_room.hpp"
#include "domain/ledger/repeats.hpp"

namespace smgw {

/// The logs an event goes to, by its entry in the catalogue; an unknown event goes to the system log.
[[nodiscard]] std::vector<std::string> logs_of(const record_event& m);

/// One commit that is being put together: records chained to their logs, and what is stored in the same step. The new
/// heads count once the commit is done. Part of the LEDGER.
class log_batch {
 public:
  log_batch(const log_heads& heads, log_room& room) : heads_(heads), room_(room) {}

  /// An event with all its records, as far as they do not repeat what the system log has already.
  [[nodiscard]] expected<void> add(const record_event& m, ledger::repeat_filter& repeats);
  /// One record, unless its log is full. exhausted: a field is too long or the numbers are used up.
  [[nodiscard]] expected<void> chain(const std::string& log, const ledger::record& r);

  [[nodiscard]] const std::shared_ptr<store::batch>& changes() const noexcept { return changes_; }
  [[nodiscard]] const log_heads& fresh() const noexcept { return fresh_; }

 private:
  const log_heads& heads_;
  log_room& room_;
  std::shared_ptr<store::batch> changes_ = std::make_shared<store::batch>();
  log_heads fresh_;
};

}  // namespace smgw
