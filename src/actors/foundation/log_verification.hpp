// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

#include "actors/foundation/ledger.hpp"
#include "actors/reply_slot.hpp"

namespace smgw {

/// Verifies the chains of all logs from their beginning, page by page, while records go on being written. Part of the
/// LEDGER; the questions that are on their way keep it alive.
class log_verification : public std::enable_shared_from_this<log_verification> {
 public:
  log_verification(ledger_pointer self, const ledger_parts& parts, const log_heads& heads)
      : self_(self), parts_(parts), heads_(heads), owed_(self) {}
  /// Begins; what the handler answers.
  [[nodiscard]] caf::result<log_verdict> run();

 private:
  void begin(const std::vector<std::string>& stored);
  void next_log();
  void next_page();
  void check_page(const record_page& page);
  void doubt(std::string line);
  void conclude(std::string line, bool good);

  ledger_pointer self_;
  const ledger_parts& parts_;
  const log_heads& heads_;
  reply_slot<log_verdict> owed_;
  log_verdict verdict_;
  std::vector<std::pair<std::string, ledger::head>> logs_;  ///< with the head each must end at
  std::size_t at_ = 0;
  ledger::head reached_;
  std::uint32_t first_ = 1;
};

}  // namespace smgw
