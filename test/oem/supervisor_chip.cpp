// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "supervisor_chip.hpp"

namespace acme {

using std::chrono::steady_clock;

supervisor_chip::supervisor_chip(std::chrono::milliseconds within)
    : within_(within), chip_([this](const std::stop_token& stop) { watch(stop); }) {}

smgw::expected<std::chrono::milliseconds> supervisor_chip::arm() {
  const std::scoped_lock lock(guard_);
  armed_ = true;
  until_ = steady_clock::now() + within_;
  changed_.notify_all();
  return within_;
}

void supervisor_chip::feed() {
  const std::scoped_lock lock(guard_);
  ++fed_;
  until_ = steady_clock::now() + within_;
}

void supervisor_chip::disarm() {
  const std::scoped_lock lock(guard_);
  armed_ = false;
}

unsigned supervisor_chip::resets() const {
  const std::scoped_lock lock(guard_);
  return resets_;
}
unsigned supervisor_chip::fed() const {
  const std::scoped_lock lock(guard_);
  return fed_;
}

void supervisor_chip::watch(const std::stop_token& stop) {
  std::unique_lock lock(guard_);
  while (!stop.stop_requested()) {
    if (!armed_) {
      changed_.wait(lock, stop, [this] { return armed_; });
      continue;
    }
    changed_.wait_until(lock, stop, until_, [] { return false; });
    if (!armed_ || stop.stop_requested() || steady_clock::now() < until_) continue;
    ++resets_;
    armed_ = false;
  }
}

}  // namespace acme
