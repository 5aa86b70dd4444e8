// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

#include "actors/foundation/ledger.hpp"

#include <deque>

namespace smgw {

/// Tells the administrator of what raises an alarm, once it is on disk and as soon as somebody is there to tell it.
/// Part of the LEDGER.
class log_alarms {
 public:
  log_alarms(ledger_pointer self, const ledger_parts& parts) : self_(self), parts_(parts) {}

  void remember(const ledger::record& r) {
    if (parts_.raise && ledger::raises_alarm(r.id, r.outcome) && waiting_.size() < most_waiting) waiting_.push_back(r);
  }
  /// What can be told now; for the rest a timer, `wake{raise_again}`.
  void raise() {
    while (!waiting_.empty() && parts_.raise(waiting_.front())) {
      waiting_.pop_front();
      ++raised_;
    }
    if (!waiting_.empty()) self_->delayed_send(self_, pause, wake{raise_again});
  }
  static constexpr std::uint64_t raise_again = 2;
  [[nodiscard]] std::int64_t raised() const noexcept { return raised_; }

 private:
  /// That wait until the outbox is there; a gateway that has more of them has told enough.
  static constexpr std::size_t most_waiting = 64;
  static constexpr std::chrono::seconds pause{2};

  ledger_pointer self_;
  const ledger_parts& parts_;
  std::deque<ledger::record> waiting_;
  std::int64_t raised_ = 0;
};

}  // namespace smgw
