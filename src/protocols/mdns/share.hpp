// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

/// \file
/// What responder and querier of a link have in common: how much they may say, and when at random.

#include <smgw/types.hpp>

#include <chrono>
#include <deque>

namespace smgw::mdns {

/// REQ.TA.mDNS.BuildResponse.30, BuildQuery.30: answers and questions together.
inline constexpr std::size_t multicasts_per_minute = 30;
/// Messages that answers leave for questions, so that whoever asks all the time does not silence ours (ours).
inline constexpr std::size_t kept_for_queries = 3;

/// The multicasts that a link may still hear of us within a minute.
class multicast_share {
 public:
  /// `copies`: how many times each message goes out, once for each address family.
  explicit multicast_share(std::size_t copies = 1) noexcept : copies_(copies) {}
  /// One more message, if `kept` others could still follow.
  [[nodiscard]] bool take(time_point now, std::size_t kept = 0) {
    while (!sent_.empty() && now - sent_.front() >= std::chrono::minutes{1}) sent_.pop_front();
    if ((sent_.size() + 1 + kept) * copies_ > multicasts_per_minute) return false;
    sent_.push_back(now);
    return true;
  }

 private:
  std::size_t copies_;
  std::deque<time_point> sent_;
};

/// Waits that keep devices out of step (RFC 6762, 5.2, 6, 8.1): xorshift, no secrets.
class random_waits {
 public:
  explicit random_waits(std::uint32_t seed) noexcept : state_(seed | 1U) {}
  [[nodiscard]] std::chrono::milliseconds wait(int least, int most) noexcept {
    state_ ^= state_ << 13U;
    state_ ^= state_ >> 17U;
    state_ ^= state_ << 5U;
    return std::chrono::milliseconds{least + static_cast<int>(state_ % static_cast<std::uint32_t>(most - least + 1))};
  }

 private:
  std::uint32_t state_;
};

}  // namespace smgw::mdns
