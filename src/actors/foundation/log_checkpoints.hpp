// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

#include "actors/foundation/ledger.hpp"
#include "domain/ledger/checkpoint.hpp"
#include "domain/schedule/dispatch.hpp"

#include <set>

namespace smgw {

/// Has the KEY TOKEN sign where each log ends, and keeps the newest such checkpoint in the STORE. What is not signed or
/// not stored is due again: after a pause that grows, or once the security module is back. Part of the LEDGER.
class log_checkpoints {
 public:
  log_checkpoints(ledger_pointer self, const ledger_parts& parts, const log_heads& heads)
      : self_(self), parts_(parts), heads_(heads) {}

  /// Records were written: asks for what is due, unless a pause runs. The record that the module is back ends it.
  void look();
  /// The timer `wake{sign_again}` ran out: the pause is over.
  void pause_over();
  static constexpr std::uint64_t sign_again = 3;
  [[nodiscard]] std::int64_t made() const noexcept { return made_; }

 private:
  void ask_for_due();
  void sign(const std::string& log, const ledger::head& head);
  void keep(const std::string& log, ledger::checkpoint made);
  void failed(const std::string& log, std::string why);

  ledger_pointer self_;
  const ledger_parts& parts_;
  const log_heads& heads_;
  std::map<std::string, std::optional<ledger::checkpoint>> newest_;  ///< that are stored
  std::set<std::string> asked_;                                      ///< logs whose checkpoint is on its way
  schedule::backoff pause_{{std::chrono::seconds{30}, std::chrono::minutes{30}}};
  bool pausing_ = false;  ///< a timer runs
  bool lost_ = false;     ///< the module was, when records were written last
  std::int64_t made_ = 0;
};

}  // namespace smgw
