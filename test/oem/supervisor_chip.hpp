// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

/// \file
/// The supervisor chip beside the processor: it pulls the reset line when nobody feeds it.

#include <smgw/ports/watchdog.hpp>

#include <condition_variable>
#include <mutex>
#include <thread>

namespace acme {

class supervisor_chip final : public smgw::ports::watchdog {
 public:
  explicit supervisor_chip(std::chrono::milliseconds within);
  smgw::expected<std::chrono::milliseconds> arm() override;
  void feed() override;
  void disarm() override;
  /// How often it has pulled the reset line.
  [[nodiscard]] unsigned resets() const;
  [[nodiscard]] unsigned fed() const;

 private:
  void watch(const std::stop_token& stop);

  std::chrono::milliseconds within_;
  mutable std::mutex guard_;
  std::condition_variable_any changed_;
  std::chrono::steady_clock::time_point until_;
  bool armed_ = false;
  unsigned resets_ = 0, fed_ = 0;
  std::jthread chip_;
};

}  // namespace acme
