// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "domain/tariff/rows.hpp"

#include "domain/tariff/contract.hpp"

#include <algorithm>

namespace smgw::tariff {

rows::rows(const profile::evaluation& p, timestamp consumed_until) : consumed_(consumed_until), period_(p.period) {
  for (const auto& in : p.inputs)
    sources_.push_back({.meter = in.meter, .name = in.register_name, .reached = consumed_until});
}

std::optional<std::size_t> rows::input_of(const list_entry& e) const noexcept {
  for (std::size_t i = 0; i < sources_.size(); ++i)
    if (sources_[i].name == e.value.register_name && sources_[i].meter == e.value.meter) return i;
  return std::nullopt;
}

void rows::offer(std::size_t input, const list_entry& e) {
  auto& from = sources_[input];
  if (e.target <= from.reached || e.target <= consumed_) return;
  from.reached = e.target;
  // The lists may be denser than the evaluation: only instants of its own grid count.
  if (e.target.time_since_epoch() % period_ != std::chrono::milliseconds{0}) return;
  auto& into = pending_[e.target];
  into.target = e.target;
  into.entries.resize(sources_.size());
  into.entries[input] = e;
}

std::optional<row> rows::next(timestamp give_up) {
  if (pending_.empty()) return std::nullopt;
  const auto first = pending_.begin();
  const auto target = first->first;
  const bool whole = std::ranges::all_of(sources_, [&](const source& s) { return s.reached >= target; });
  if (!whole && target > give_up && pending_.size() <= max_pending_rows) return std::nullopt;
  auto out = std::move(first->second);
  pending_.erase(first);
  consumed_ = target;
  return out;
}

std::optional<timestamp> rows::oldest() const {
  if (pending_.empty()) return std::nullopt;
  return pending_.begin()->first;
}

}  // namespace smgw::tariff
