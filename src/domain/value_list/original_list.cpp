// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "domain/value_list/original_list.hpp"

#include <algorithm>
#include <utility>

namespace smgw::value_list {

using namespace std::chrono;

namespace {

/// The nominal instant nearest to `t` (halves go up).
timestamp nearest(timestamp t, seconds period) {
  const auto p = duration_cast<milliseconds>(period).count();
  auto shifted = t.time_since_epoch().count() + p / 2;
  auto k = shifted / p;
  if (shifted % p < 0) --k;
  return timestamp{milliseconds{k * p}};
}

}  // namespace

bool valid_period(seconds period) noexcept { return period.count() > 0 && hours{1} % period == seconds{0}; }

milliseconds half_window(const settings& s) noexcept {
  const milliseconds one_percent = duration_cast<milliseconds>(s.period) / 100;
  const milliseconds limit = duration_cast<milliseconds>(s.period) / 2 - milliseconds{1};
  return std::min(std::max(one_percent, s.window_minimum), limit);
}

std::string_view to_string(outcome o) noexcept {
  switch (o) {
    case outcome::accepted: return "accepted";
    case outcome::replaced: return "replaced";
    case outcome::farther: return "farther";
    case outcome::duplicate: return "duplicate";
    case outcome::outside_window: return "outside_window";
    case outcome::late: return "late";
    case outcome::future: return "future";
    case outcome::foreign: return "foreign";
  }
  return "unknown";
}

expected<original_list> original_list::create(settings s, std::optional<timestamp> last_target, timestamp now) {
  if (!valid_period(s.period)) return fail(errc::malformed, "a registration period divides the hour");
  if (last_target && nearest(*last_target, s.period) != *last_target)
    return fail(errc::malformed, "the last target is not on the grid of the registration period");
  if (last_target) return original_list{s, *last_target + s.period};
  auto first = nearest(now, s.period);
  if (first + half_window(s) < now) first += s.period;
  return original_list{s, first};
}

outcome original_list::place(const reading& r, timestamp now) {
  if (r.meter != settings_.meter || r.register_name != settings_.register_name || r.measured != settings_.measured)
    return outcome::foreign;
  if (r.captured > now + delivery_latency) return outcome::future;
  if (r.captured < next_ - 2 * settings_.period) return outcome::late;
  const auto target = nearest(r.captured, settings_.period);
  const auto distance = abs(r.captured - target);
  if (distance > half_window(settings_)) return outcome::outside_window;
  if (target < next_ || target + half_window(settings_) + delivery_latency < now) return outcome::late;
  const auto [slot, fresh] = pending_.try_emplace(target, r);
  if (fresh) return outcome::accepted;
  auto& held = slot->second;
  if (held.captured == r.captured) return outcome::duplicate;
  const auto held_distance = abs(held.captured - target);
  // The earlier of two equally near ones wins, so that the order of arrival does not matter.
  if (distance > held_distance || (distance == held_distance && r.captured > held.captured)) return outcome::farther;
  held = r;
  return outcome::replaced;
}

offered original_list::offer(const reading& r, timestamp now, const status::gateway_state& state) {
  offered out;
  // Slots that are over are finished first: a reading never enters a window that has closed.
  out.finished = tick(now, state);
  out.result = place(r, now);
  ++counts_.offered[static_cast<std::size_t>(out.result)];
  return out;
}

timestamp original_list::next_deadline() const {
  // One millisecond later: a reading captured at the very edge still arrives in time.
  return next_ + half_window(settings_) + delivery_latency + milliseconds{1};
}

std::vector<list_entry> original_list::tick(timestamp now, const status::gateway_state& state) {
  std::vector<list_entry> done;
  if (now < next_deadline()) return done;
  const auto slots = static_cast<std::uint64_t>((now - next_deadline()) / settings_.period) + 1;
  if (slots > max_backfill) {
    // A clock set years ahead, or a gateway out of a store room: the oldest slots stay without entries.
    const auto skip = slots - max_backfill;
    counts_.skipped += skip;
    next_ += settings_.period * static_cast<std::int64_t>(skip);
    pending_.erase(pending_.begin(), pending_.lower_bound(next_));
  }
  const auto count = std::min<std::uint64_t>({slots, max_backfill, max_batch});
  done.reserve(count);
  for (std::uint64_t i = 0; i < count; ++i, next_ += settings_.period) {
    if (auto found = pending_.extract(next_)) {
      ++counts_.values;
      done.push_back({.target = next_, .value = std::move(found.mapped()), .signature = {}});
      continue;
    }
    ++counts_.gaps;
    const reading none{.meter = settings_.meter,
                       .register_name = settings_.register_name,
                       .value = {},
                       .measured = settings_.measured,
                       .captured = next_,
                       .status = status::build_gap(settings_.kind, state)};
    done.push_back({.target = next_, .value = none, .signature = {}});
  }
  return done;
}

}  // namespace smgw::value_list
