// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "antenna.hpp"

namespace acme {

void air::carry(smgw::bytes_view frame) {
  const std::scoped_lock lock(guard_);
  heard_.emplace_back(frame.begin(), frame.end());
  changed_.notify_all();
}

std::optional<smgw::bytes> air::hear(std::chrono::milliseconds patience) {
  std::unique_lock lock(guard_);
  changed_.wait_for(lock, patience, [this] { return cut_ || !heard_.empty(); });
  if (heard_.empty()) return std::nullopt;
  auto frame = std::move(heard_.front());
  heard_.pop_front();
  return frame;
}

void air::cut() {
  const std::scoped_lock lock(guard_);
  cut_ = true;
  changed_.notify_all();
}

bool air::is_cut() const {
  const std::scoped_lock lock(guard_);
  return cut_;
}

smgw::expected<std::optional<smgw::ports::radio_frame>> antenna::receive(std::chrono::milliseconds patience) {
  auto heard = air_->hear(patience);
  if (!heard && air_->is_cut()) return smgw::fail(smgw::errc::unavailable, "the radio chip does not answer");
  if (!heard) return std::nullopt;
  return smgw::ports::radio_frame{std::move(*heard), smgw::ports::radio_format::stripped, -71};
}

}  // namespace acme
