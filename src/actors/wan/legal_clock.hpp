// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

#include "domain/timekeeping/keeper.hpp"
#include "protocols/ntp/server.hpp"

#include <atomic>
#include <functional>
#include <mutex>
#include <string>

namespace smgw {

/// The gateway's own clock where a time profile keeps it: a counter since the machine's start plus an offset. What
/// others set the system's clock to does not touch it. Thread-safe.
class legal_clock {
 public:
  using raw_function = std::function<timekeeping::raw_time()>;
  /// `start` names this start of the machine. Begins with the system's time, not valid.
  legal_clock(raw_function raw, std::string start, timestamp::duration offset)
      : raw_(std::move(raw)), start_(std::move(start)), offset_(offset.count()) {}

  [[nodiscard]] timekeeping::raw_time raw() const { return raw_(); }
  [[nodiscard]] timestamp now() const { return timestamp{raw_() + timestamp::duration{offset_.load()}}; }
  [[nodiscard]] bool valid() const noexcept { return valid_.load(); }
  [[nodiscard]] const std::string& start() const noexcept { return start_; }
  void set(timestamp::duration offset) noexcept { offset_.store(offset.count()); }
  void set_valid(bool valid) noexcept { valid_.store(valid); }

  /// What an NTP server of the gateway says of itself.
  void set_served(const ntp::server_state& s) {
    const std::scoped_lock lock(guard_);
    served_ = s;
  }
  [[nodiscard]] ntp::server_state served() const {
    const std::scoped_lock lock(guard_);
    auto s = served_;
    s.synchronised = s.synchronised && valid();
    return s;
  }

 private:
  raw_function raw_;
  std::string start_;
  std::atomic<std::int64_t> offset_;
  std::atomic<bool> valid_ = false;
  mutable std::mutex guard_;
  ntp::server_state served_;
};

}  // namespace smgw
