// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

#include "actors/foundation/ledger.hpp"
#include "domain/ledger/room.hpp"

namespace smgw {

/// Keeps the logs within their bounds: the oldest records go, but never from the calibration log. That one warns before
/// it is full, and stops the gateway when it is. Part of the LEDGER.
class log_room {
 public:
  log_room(ledger_pointer self, const ledger_parts& parts) : self_(self), parts_(parts) {}

  /// Where a log begins, told before anything else is asked about it.
  void begins(const std::string& log, const ledger::head& at) { begins_[log] = at; }
  /// Whether a log takes one more record behind number `last`.
  [[nodiscard]] bool takes(const std::string& log, std::uint32_t last);
  /// Cuts what is too long. The answer is a record to write, where the administrator has to be told.
  [[nodiscard]] std::optional<ledger::record> look(const log_heads& heads);

 private:
  [[nodiscard]] ledger::fill fill_of(const std::string& log, std::uint32_t last) const;
  [[nodiscard]] ledger::record alarm(std::uint32_t last) const;
  void trim(const std::string& log, std::uint32_t last);
  void cut(const std::string& log, const ledger::head& begin);

  ledger_pointer self_;
  const ledger_parts& parts_;
  log_heads begins_;                     ///< the newest record that was cut off
  bool trimming_ = false;                ///< one log at a time
  bool alarmed_ = false, full_ = false;  ///< of the calibration log
};

}  // namespace smgw
