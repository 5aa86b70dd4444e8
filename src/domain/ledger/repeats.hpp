// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

#include "domain/ledger/record.hpp"

#include <optional>
#include <vector>

namespace smgw::ledger {

/// So long at most the last of a run of repeats waits for the next one.
inline constexpr std::chrono::minutes repeat_hold{15};

/// What to do with a record that may repeat the one before.
enum class repeat : std::uint8_t {
  write,  ///< something new: write the held one first, if any
  hold,   ///< the same again: keep it in place of the held one, with `repetitions` counted up
};
/// Equal in all but number, parent, time, counter and evidence. Fatal records are never held back.
[[nodiscard]] repeat decide(const record& previous, const record& fresh) noexcept;

/// Collapses runs of equal records but keeps their first and their last, which carries the count.
class repeat_filter {
 public:
  /// Records to append now, in order.
  [[nodiscard]] std::vector<record> offer(record r);
  /// The held record once it waited long enough, or at once when `all` (stop of the gateway, reading of the log).
  [[nodiscard]] std::optional<record> flush(timestamp now, bool all = false);
  [[nodiscard]] std::optional<timestamp> next_deadline() const;

 private:
  std::optional<record> previous_;  ///< last written or held
  bool held_ = false;
  timestamp held_since_{};
};

}  // namespace smgw::ledger
