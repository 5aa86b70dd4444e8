// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

#include <smgw/types.hpp>

#include <optional>

namespace smgw::state {

/// By itself once a day, and on request not more often than every ten minutes (PP-0073 FPT_TST.1; overview 13).
inline constexpr std::chrono::hours self_test_interval{24};
inline constexpr std::chrono::seconds self_test_pause{600};

/// When the gateway tests itself.
class self_test_schedule {
 public:
  /// conflict: one runs now; denied: the last one was less than ten minutes ago (HTTP 403 at the home interface).
  [[nodiscard]] expected<void> request(timestamp now) {
    if (running_) return fail(errc::conflict, "a self-test runs");
    if (last_ && now < *last_ + self_test_pause)
      return fail(errc::denied, "the last self-test was less than ten minutes ago");
    begin(now);
    return {};
  }
  /// At the start and after a day; true: begin now.
  [[nodiscard]] bool due(timestamp now) {
    if (running_ || (last_ && now < *last_ + self_test_interval)) return false;
    begin(now);
    return true;
  }
  void ended() noexcept { running_ = false; }
  [[nodiscard]] bool running() const noexcept { return running_; }
  [[nodiscard]] std::optional<timestamp> last() const noexcept { return last_; }

 private:
  void begin(timestamp now) {
    running_ = true;
    last_ = now;
  }
  bool running_ = false;
  std::optional<timestamp> last_;
};

}  // namespace smgw::state
