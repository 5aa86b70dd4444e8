// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "domain/state/clock_quality.hpp"

#include <algorithm>

namespace smgw::state {

using std::chrono::milliseconds;

std::string_view to_string(clock_quality q) noexcept {
  switch (q) {
    case clock_quality::unknown: return "unknown";
    case clock_quality::synchronised: return "synchronised";
    case clock_quality::holdover: return "holdover";
    case clock_quality::invalid: return "invalid";
  }
  return "unknown";
}

milliseconds clock_limit(std::span<const std::chrono::seconds> periods) noexcept {
  std::chrono::seconds smallest{900};
  bool found = false;
  for (const auto p : periods)
    if (p.count() > 0 && (!found || p < smallest)) {
      smallest = p;
      found = true;
    }
  return milliseconds{smallest} * limit_percent / 100;
}

clock_quality judge(const clock_facts& facts, milliseconds limit) noexcept {
  if (!facts.error_bound) return clock_quality::unknown;
  if (*facts.error_bound > limit) return clock_quality::invalid;
  return facts.since_answer <= synchronisation_interval ? clock_quality::synchronised : clock_quality::holdover;
}

clock_event event_of(clock_quality before, clock_quality after, milliseconds set_by, milliseconds limit) noexcept {
  // The first setting is no deviation: before it there was no time to deviate from.
  if (before != clock_quality::unknown && std::chrono::abs(set_by) > limit) return clock_event::set_beyond_limit;
  if (marks_values(before) && !marks_values(after)) return clock_event::became_valid;
  if (!marks_values(before) && marks_values(after)) return clock_event::became_invalid;
  return clock_event::none;
}

}  // namespace smgw::state
