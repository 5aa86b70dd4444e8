// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "bus.hpp"

#include <algorithm>

namespace acme {

void fifo::put(smgw::bytes_view octets) {
  const std::scoped_lock lock(guard_);
  waiting_.insert(waiting_.end(), octets.begin(), octets.end());
  changed_.notify_all();
}

smgw::bytes fifo::take(std::size_t most, std::chrono::milliseconds patience) {
  std::unique_lock lock(guard_);
  changed_.wait_for(lock, patience, [this] { return cut_ || !waiting_.empty(); });
  const auto end = waiting_.begin() + static_cast<std::ptrdiff_t>(std::min(most, waiting_.size()));
  smgw::bytes got(waiting_.begin(), end);
  waiting_.erase(waiting_.begin(), end);
  return got;
}

void fifo::cut() {
  const std::scoped_lock lock(guard_);
  cut_ = true;
  changed_.notify_all();
}

bool fifo::is_cut() const {
  const std::scoped_lock lock(guard_);
  return cut_;
}

smgw::expected<std::size_t> bus_port::read(std::span<std::uint8_t> into, std::chrono::milliseconds patience) {
  const auto got = wire_->to_gateway.take(into.size(), patience);
  if (got.empty() && wire_->to_gateway.is_cut()) return smgw::fail(smgw::errc::unavailable, "the bus is cut");
  std::ranges::copy(got, into.begin());
  return got.size();
}

smgw::expected<void> bus_port::write(smgw::bytes_view octets, std::chrono::milliseconds) {
  if (wire_->to_meter.is_cut()) return smgw::fail(smgw::errc::unavailable, "the bus is cut");
  wire_->to_meter.put(octets);
  return {};
}

}  // namespace acme
