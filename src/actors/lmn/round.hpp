// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

#include <smgw/types.hpp>

#include <optional>

namespace smgw::lmn {

/// Whom to ask next: one meter after the other, then a pause, so that each round begins `every` after the last began.
class polling_round {
 public:
  polling_round(std::size_t meters, std::chrono::seconds every) : meters_(meters), every_(every) {}

  [[nodiscard]] bool asks() const noexcept { return meters_ != 0 && every_.count() != 0; }
  void begin(time_point now) {
    current_ = 0;
    began_ = now;
    next_ = now;
  }
  [[nodiscard]] std::size_t current() const noexcept { return current_; }
  [[nodiscard]] bool due(time_point now) const noexcept { return asks() && next_ && now >= *next_; }
  [[nodiscard]] std::optional<time_point> next() const noexcept { return asks() ? next_ : std::nullopt; }
  /// This meter was asked, with or without success.
  void advance(time_point now) {
    if (++current_ < meters_) {
      next_ = now;
      return;
    }
    current_ = 0;
    while (began_ <= now) began_ += every_;
    next_ = began_;
  }

 private:
  std::size_t meters_;
  std::chrono::seconds every_;
  std::size_t current_ = 0;
  time_point began_{};
  std::optional<time_point> next_;
};

}  // namespace smgw::lmn
