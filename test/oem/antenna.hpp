// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

/// \file
/// The maker's own radio chip, as its driver offers it: frames in a queue.

#include <smgw/ports/radio.hpp>

#include <condition_variable>
#include <deque>
#include <memory>
#include <mutex>

namespace acme {

/// What the chip has heard.
class air {
 public:
  void carry(smgw::bytes_view frame);
  /// Waits at most `patience`; nothing: silence.
  std::optional<smgw::bytes> hear(std::chrono::milliseconds patience);
  void cut();
  [[nodiscard]] bool is_cut() const;

 private:
  mutable std::mutex guard_;
  std::condition_variable changed_;
  std::deque<smgw::bytes> heard_;
  bool cut_ = false;
};

class antenna final : public smgw::ports::radio {
 public:
  explicit antenna(std::shared_ptr<air> a) : air_(std::move(a)) {}
  smgw::expected<std::optional<smgw::ports::radio_frame>> receive(std::chrono::milliseconds patience) override;

 private:
  std::shared_ptr<air> air_;
};

}  // namespace acme
