// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

#include "domain/state/machine.hpp"

#include <smgw/types.hpp>

#include <array>
#include <optional>

/// The life of a gateway (overview 13).
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

/// What a gateway may do in this phase of its life, as long as nothing is wrong with it (state::allowed_in).
[[nodiscard]] state::permissions allowed_in(phase p) noexcept;

}  // namespace smgw::lifecycle
