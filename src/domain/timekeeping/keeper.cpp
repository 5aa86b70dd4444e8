// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "domain/timekeeping/keeper.hpp"

#include "base/octets.hpp"

#include <algorithm>

namespace smgw::timekeeping {
namespace {

constexpr std::size_t fixed_octets = 29;
constexpr std::int64_t million = 1'000'000;

}  // namespace

bytes encode(const state& s, std::string_view start) {
  bytes out;
  for (const auto count : {s.offset.count(), s.at.count(), s.error.count()})
    put_be(out, static_cast<std::uint64_t>(count));
  out.push_back(s.stratum);
  put_be(out, s.reference_id);
  put(out, start);
  return out;
}

std::optional<state> decode(const std::optional<bytes>& stored, std::string_view start) {
  if (!stored || stored->size() < fixed_octets) return std::nullopt;
  const auto* at = stored->data();
  const bytes_view all{*stored};
  if (start.empty() || as_text(all.subspan(fixed_octets)) != start) return std::nullopt;
  const auto number = [&](std::size_t i) {
    return std::chrono::milliseconds{static_cast<std::int64_t>(load_be<std::uint64_t>(at + i))};
  };
  return state{number(0), number(8), number(16), at[24], load_be<std::uint32_t>(at + 25)};
}

verdict keeper::take(timestamp own, std::chrono::milliseconds by, std::chrono::milliseconds error, raw_time now,
                     std::uint8_t stratum, std::uint32_t reference_id) {
  const bool known = valid(now);
  state_ = state{(own + by).time_since_epoch() - now, now, error, stratum, reference_id};
  if (!known) return verdict::first_setting;
  return std::chrono::abs(by) > rules_.limit ? verdict::set : verdict::corrected;
}

std::optional<std::chrono::milliseconds> keeper::error(raw_time now) const {
  if (!state_) return std::nullopt;
  const auto passed = std::max(now - state_->at, raw_time{0});
  return state_->error + passed * std::int64_t{rules_.drift_ppm} / million + std::chrono::milliseconds{1};
}

bool keeper::valid(raw_time now) const {
  const auto bound = error(now);
  return bound && *bound <= rules_.limit;
}

std::optional<raw_time> keeper::valid_until() const {
  if (!state_) return std::nullopt;
  const auto room = rules_.limit - state_->error - std::chrono::milliseconds{1};
  if (room.count() < 0) return state_->at;
  return state_->at + room * million / std::max<std::int64_t>(rules_.drift_ppm, 1);
}

}  // namespace smgw::timekeeping
