// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

#include "domain/status/status.hpp"

#include <smgw/types.hpp>

#include <array>
#include <optional>
#include <string_view>
#include <vector>

/// The gateway's operating states (overview 1.4; drawn in docs/states.md). They are those of one certified product, not
/// a list of the guideline's.
namespace smgw::state {

/// In order of severity: where several conditions hold, the most severe state counts.
enum class operating : std::uint8_t {
  normal,
  measurement,   ///< Secure State Measurement: values are taken and marked, because the time is not valid
  application,   ///< Secure State Application: administration only
  connectivity,  ///< Secure State Connectivity: WAN and HAN are not separated any more
  boot,          ///< Secure State Boot: administration only, until a restart
  rebooting,     ///< the checks at boot fail: start again and again
};

/// What leads into a state.
enum class condition : std::uint8_t {
  time_invalid,        ///< the gateway must assume that its time is wrong
  clock_deviation,     ///< by more than 3 % of the smallest registration period
  value_storage,       ///< measured values fill more than the administrator allows
  separation_lost,     ///< WAN and HAN share a network
  module_lost,         ///< the security module does not answer, or is another (PP-0073 FPT_FLS.1)
  log_storage,         ///< the calibration log is full
  image_corrupt,       ///< kernel or root file system
  version_unexpected,  ///< another firmware runs than the one that was activated
  partition_faulty,    ///< the update partition that does not run; tolerated for 30 days
  integrity_lost,      ///< a self-test found stored data or cryptography wrong (PP-0073 FDP_SDI.2)
  boot_check_failed,   ///< the chain of trust is broken
};
inline constexpr std::size_t condition_count = 11;
inline constexpr std::chrono::days partition_tolerance{30};

[[nodiscard]] std::string_view to_string(operating s) noexcept;
[[nodiscard]] std::string_view to_string(condition c) noexcept;

/// What a state allows.
struct permissions {
  bool measure = true;     ///< register values
  bool deliver = true;     ///< to market participants
  bool home = true;        ///< consumer and service technician
  bool proxy = true;       ///< controllable local systems
  bool administer = true;  ///< the administrator: always, but while the gateway reboots
  friend bool operator==(const permissions&, const permissions&) = default;
};
[[nodiscard]] permissions allowed_in(operating s) noexcept;
/// The state that a condition leads into.
[[nodiscard]] operating leads_to(condition c) noexcept;
/// Whether the state is left only by a restart, also when its condition is gone.
[[nodiscard]] bool is_latched(condition c) noexcept;

/// One change of state, for the logs.
struct transition {
  operating from = operating::normal;
  operating to = operating::normal;
  std::optional<condition> cause;  ///< that began or ended
  timestamp at{};
  friend bool operator==(const transition&, const transition&) = default;
};

/// Pure: conditions and time in, transitions out.
class machine {
 public:
  /// A condition holds from now on. Nothing: the state is as it was.
  [[nodiscard]] std::optional<transition> raise(condition c, timestamp now);
  /// It holds no more. A latched one goes on counting until the gateway starts again.
  [[nodiscard]] std::optional<transition> clear(condition c, timestamp now);
  /// Time passed: a faulty partition is tolerated no more.
  [[nodiscard]] std::optional<transition> tick(timestamp now);
  /// When `tick` next has something to do.
  [[nodiscard]] std::optional<timestamp> next_deadline() const noexcept;

  [[nodiscard]] operating now_in() const noexcept { return state_; }
  [[nodiscard]] bool holds(condition c) const noexcept { return since_[static_cast<std::size_t>(c)].has_value(); }
  [[nodiscard]] std::vector<condition> holding() const;
  /// How values registered now are marked (status word, gateway bits).
  [[nodiscard]] status::gateway_state marks() const noexcept;

 private:
  [[nodiscard]] std::optional<transition> settle(std::optional<condition> cause, timestamp now);
  std::array<std::optional<timestamp>, condition_count> since_{};
  operating state_ = operating::normal;
};

}  // namespace smgw::state
