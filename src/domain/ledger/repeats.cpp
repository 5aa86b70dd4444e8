// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "domain/ledger/repeats.hpp"

#include <limits>

namespace smgw::ledger {

repeat decide(const record& previous, const record& fresh) noexcept {
  if (fresh.level == level::fatal) return repeat::write;
  auto same = fresh;
  same.number = previous.number;
  same.parent = previous.parent;
  same.repetitions = previous.repetitions;
  same.at = previous.at;
  same.seconds_index = previous.seconds_index;
  same.evidence = previous.evidence;
  return same == previous ? repeat::hold : repeat::write;
}

std::vector<record> repeat_filter::offer(record r) {
  std::vector<record> out;
  if (previous_ && decide(*previous_, r) == repeat::hold) {
    const auto n = previous_->repetitions;
    r.repetitions = n == std::numeric_limits<std::uint32_t>::max() ? n : n + 1;
    if (!held_) held_since_ = r.at;
    held_ = true;
    previous_ = std::move(r);
    return out;
  }
  if (held_) out.push_back(*std::exchange(previous_, std::nullopt));
  held_ = false;
  out.push_back(r);
  previous_ = std::move(r);
  return out;
}

std::optional<record> repeat_filter::flush(timestamp now, bool all) {
  if (!held_ || (!all && now < held_since_ + repeat_hold)) return std::nullopt;
  held_ = false;
  return previous_;
}

std::optional<timestamp> repeat_filter::next_deadline() const {
  if (!held_) return std::nullopt;
  return held_since_ + repeat_hold;
}

}  // namespace smgw::ledger
