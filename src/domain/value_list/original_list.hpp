// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

#include "domain/status/status.hpp"

#include <smgw/types.hpp>

#include <map>
#include <optional>
#include <string_view>
#include <vector>

/// The original value list [Originäre Messwertliste] of one register of one meter.
namespace smgw::value_list {

/// More slots than these are not filled with gap entries after an outage (about three years of quarter hours).
inline constexpr std::size_t max_backfill = 105'120;
/// At most so many finished entries leave one call; the deadline is then due at once.
inline constexpr std::size_t max_batch = 4096;
/// The gateway stamps a telegram at most so late (detail specification 9.2: 500 ms); a window stays open that much
/// longer.
inline constexpr std::chrono::milliseconds delivery_latency{500};

/// The period divides the hour, so that the grid is the same by UTC and by legal time.
[[nodiscard]] bool valid_period(std::chrono::seconds period) noexcept;

struct settings {
  device_id meter{};
  obis register_name{};
  unit measured = unit::watt_hour;
  status::meter_kind kind = status::meter_kind::electricity;
  std::chrono::seconds period{900};
  /// Least half width of the acceptance window, for periods so short that 1 % means nothing; 0: none.
  std::chrono::milliseconds window_minimum{0};
};

/// ±1 % of the period around the nominal instant (detail specification 10.1), but at least the minimum and never more
/// than half a period less a millisecond: each instant belongs to at most one window.
[[nodiscard]] std::chrono::milliseconds half_window(const settings& s) noexcept;

/// What became of an offered reading.
enum class outcome : std::uint8_t {
  accepted,        ///< first of its slot
  replaced,        ///< nearer to the nominal instant than the one before
  farther,         ///< its slot has a nearer one
  duplicate,       ///< the same telegram again
  outside_window,  ///< belongs to no nominal instant
  late,            ///< its slot is finished
  future,          ///< captured after now
  foreign,         ///< another meter, register or unit
};
[[nodiscard]] std::string_view to_string(outcome o) noexcept;
inline constexpr std::size_t outcome_count = 8;

/// Counts of outcomes and of gaps since creation; each outcome is its index.
struct counters {
  std::array<std::uint64_t, outcome_count> offered{};
  std::uint64_t values = 0;   ///< entries with a value
  std::uint64_t gaps = 0;     ///< entries without
  std::uint64_t skipped = 0;  ///< slots beyond max_backfill, without entry
  [[nodiscard]] std::uint64_t operator[](outcome o) const { return offered[static_cast<std::size_t>(o)]; }
};

struct offered {
  outcome result = outcome::accepted;
  std::vector<list_entry> finished;  ///< oldest first, each slot exactly once
};

/// One entry per nominal instant, in order, without substitute values.
/// The next slot after a restart follows from the last target stored, so nothing else needs to be kept.
class original_list {
 public:
  /// `last_target`: target of the newest stored entry; without one the list begins at the first instant whose window
  /// is not over at `now`. malformed: the period or the last target does not fit the grid.
  [[nodiscard]] static expected<original_list> create(settings s, std::optional<timestamp> last_target, timestamp now);

  /// Offers a reading. `state` marks gap entries that this call finishes.
  [[nodiscard]] offered offer(const reading& r, timestamp now, const status::gateway_state& state = {});
  /// Time passed: finishes the slots whose windows are closed.
  [[nodiscard]] std::vector<list_entry> tick(timestamp now, const status::gateway_state& state = {});
  /// When `tick` next has something to finish.
  [[nodiscard]] timestamp next_deadline() const;
  /// The nominal instant that is finished next.
  [[nodiscard]] timestamp next_target() const noexcept { return next_; }
  [[nodiscard]] const counters& counts() const noexcept { return counts_; }
  [[nodiscard]] const settings& config() const noexcept { return settings_; }

 private:
  original_list(settings s, timestamp next) : settings_(std::move(s)), next_(next) {}
  [[nodiscard]] outcome place(const reading& r, timestamp now);
  settings settings_;
  timestamp next_;
  std::map<timestamp, reading> pending_;  ///< at most the windows that are open
  counters counts_;
};

}  // namespace smgw::value_list
