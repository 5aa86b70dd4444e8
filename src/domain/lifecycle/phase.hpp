// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

#include <smgw/types.hpp>

#include <array>
#include <optional>

/// The life of a gateway, and the secure states it falls into (overview 13 and 1.4).
namespace smgw::lifecycle {

enum class phase : std::uint8_t {
  manufactured,    ///< keys and seal certificates are in; no administrator yet
  delivered,       ///< on its way, and mounted
  in_operation,    ///< the administrator has taken it over
  decommissioned,  ///< for good: it calls nobody and measures nothing
};
enum class step : std::uint8_t { deliver, commission, decommission };
inline constexpr std::array all_phases{phase::manufactured, phase::delivered, phase::in_operation,
                                       phase::decommissioned};
inline constexpr std::array all_steps{step::deliver, step::commission, step::decommission};

/// conflict: not in this phase; nothing leads back.
[[nodiscard]] expected<phase> next(phase from, step by);
[[nodiscard]] std::string_view to_string(phase p) noexcept;
[[nodiscard]] bytes encode(phase p);
/// A gateway that remembers none was commissioned with its first profiles: it is in operation.
[[nodiscard]] phase decode(const std::optional<bytes>& stored) noexcept;

/// What a gateway may do.
enum class ability : std::uint8_t {
  administration,  ///< calls its administrator, and is told things
  measuring,       ///< reads meters and keeps lists
  delivering,      ///< sends values to market participants
  display,         ///< shows consumers their values
  proxy,           ///< opens channels for controllable systems
};
inline constexpr std::array all_abilities{ability::administration, ability::measuring, ability::delivering,
                                          ability::display, ability::proxy};

/// What happened, of which a secure state is the consequence (PP-0073 FPT_FLS.1). The states are those of a certified
/// product: the guideline names the failures, not the states.
struct condition {
  bool integrity_lost = false;    ///< firmware or configuration do not verify
  bool calibration_full = false;  ///< the calibration log has no room: nothing may happen that needs it (FAU_STG.4/CAL)
  bool storage_low = false;       ///< room for measured values is below the administrator's threshold
  bool clock_deviates = false;    ///< by more than the limit of the smallest registration period
  bool separation_lost = false;   ///< WAN and home network are not apart
  bool time_not_valid = false;    ///< measuring goes on, values are marked
};
enum class secure_state : std::uint8_t { normal, boot, application, connectivity, measurement };
[[nodiscard]] std::string_view to_string(secure_state s) noexcept;
/// The gravest one that follows.
[[nodiscard]] secure_state judge(const condition& c) noexcept;
[[nodiscard]] bool may(phase p, secure_state s, ability a) noexcept;

}  // namespace smgw::lifecycle
