// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

#include "domain/calendar/legal_time.hpp"

#include <smgw/types.hpp>

#include <vector>

/// When something is due: dispatches to market participants, retries.
namespace smgw::schedule {

/// When results leave for a recipient. Empty `times` and zero `every`: at once (plus jitter).
struct plan {
  std::vector<std::chrono::seconds> times{};  ///< local times of day, since midnight
  std::chrono::seconds every{0};              ///< or on a fixed grid since 1970 (demonstrations)
  std::chrono::seconds jitter{0};             ///< spread: 0 … jitter after the fixed time
  friend bool operator==(const plan&, const plan&) = default;
};

/// The first dispatch at or after `from`.
/// The jitter follows only from the seed (one per gateway and recipient) and the nominal time, never from values, so
/// that the moment of sending tells nothing about consumption (PP-0073 FPR_CON.1).
[[nodiscard]] timestamp next_dispatch(const plan& p, timestamp from, const calendar::legal_time& zone,
                                      std::uint64_t seed);

/// Retry after a failure: doubles up to a limit, with jitter, so that gateways do not return in step.
struct backoff_policy {
  std::chrono::milliseconds first{std::chrono::seconds{5}};
  std::chrono::milliseconds limit{std::chrono::minutes{30}};
  friend bool operator==(const backoff_policy&, const backoff_policy&) = default;
};

class backoff {
 public:
  explicit backoff(backoff_policy policy = {}, std::uint64_t seed = 0) : policy_(policy), seed_(seed) {}
  /// The wait after one more failure: between half and the whole of min(first · 2^n, limit).
  [[nodiscard]] std::chrono::milliseconds failed();
  void succeeded() noexcept { failures_ = 0; }
  [[nodiscard]] unsigned failures() const noexcept { return failures_; }

 private:
  backoff_policy policy_;
  std::uint64_t seed_;
  unsigned failures_ = 0;
};

/// A well mixed 64-bit number from two others (splitmix64's finaliser); for jitter, not for secrets.
[[nodiscard]] std::uint64_t mix(std::uint64_t a, std::uint64_t b) noexcept;

}  // namespace smgw::schedule
