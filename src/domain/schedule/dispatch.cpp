// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "domain/schedule/dispatch.hpp"

#include <algorithm>

namespace smgw::schedule {

using namespace std::chrono;

std::uint64_t mix(std::uint64_t a, std::uint64_t b) noexcept {
  auto z = a + 0x9E37'79B9'7F4A'7C15U * (b + 1);
  z = (z ^ (z >> 30U)) * 0xBF58'476D'1CE4'E5B9U;
  z = (z ^ (z >> 27U)) * 0x94D0'49BB'1331'11EBU;
  return z ^ (z >> 31U);
}

namespace {

milliseconds jitter(const plan& p, timestamp nominal, std::uint64_t seed) {
  const auto width = static_cast<std::uint64_t>(duration_cast<milliseconds>(p.jitter).count());
  if (width == 0) return milliseconds{0};
  const auto at = static_cast<std::uint64_t>(nominal.time_since_epoch().count());
  return milliseconds{static_cast<std::int64_t>(mix(seed, at) % (width + 1))};
}

timestamp next_on_grid(const plan& p, timestamp from, std::uint64_t seed) {
  const auto step = duration_cast<milliseconds>(p.every).count();
  auto k = (from - duration_cast<milliseconds>(p.jitter)).time_since_epoch().count() / step;
  for (;; ++k) {
    const timestamp nominal{milliseconds{k * step}};
    if (const auto at = nominal + jitter(p, nominal, seed); at >= from) return at;
  }
}

}  // namespace

timestamp next_dispatch(const plan& p, timestamp from, const calendar::legal_time& zone, std::uint64_t seed) {
  if (p.every.count() > 0) return next_on_grid(p, from, seed);
  if (p.times.empty()) return from + jitter(p, from, seed);
  // A jitter may carry a dispatch past midnight, so the day before is looked at too.
  for (auto day = zone.day_of(from - p.jitter);; day += days{1}) {
    auto best = timestamp::max();
    for (const auto time : p.times) {
      const auto nominal = zone.to_utc(day + time);
      if (const auto at = nominal + jitter(p, nominal, seed); at >= from) best = std::min(best, at);
    }
    if (best != timestamp::max()) return best;
  }
}

milliseconds backoff::failed() {
  auto wait = std::max(policy_.first, milliseconds{1});
  for (unsigned i = 0; i < failures_ && wait < policy_.limit; ++i) wait *= 2;
  wait = std::max(std::min(wait, policy_.limit), milliseconds{1});
  ++failures_;
  const auto half = static_cast<std::uint64_t>(wait.count() / 2);
  return wait - milliseconds{static_cast<std::int64_t>(mix(seed_, failures_) % (half + 1))};
}

}  // namespace smgw::schedule
