// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

#include "domain/firmware/manifest.hpp"

#include <optional>

namespace smgw::firmware {

enum class phase : std::uint8_t { idle, loading, loaded, verified, activated, trial, confirmed, rejected, rolled_back };
enum class step : std::uint8_t {
  order,     ///< the administrator names a manifest
  arrive,    ///< the last octet is in the slot
  match,     ///< size and hash are those of the manifest
  mismatch,  ///< they are not
  activate,  ///< the administrator orders the start of the new image
  start,     ///< the machine has started from it
  confirm,   ///< it works: it stays
  give_up,   ///< it does not, or nobody confirmed it in time
  abandon,   ///< the administrator withdraws the order
};
inline constexpr std::array all_phases{phase::idle,      phase::loading,   phase::loaded,
                                       phase::verified,  phase::activated, phase::trial,
                                       phase::confirmed, phase::rejected,  phase::rolled_back};
inline constexpr std::array all_steps{step::order, step::arrive,  step::match,   step::mismatch, step::activate,
                                      step::start, step::confirm, step::give_up, step::abandon};

/// The phase that a step leads to. conflict: not in this phase.
[[nodiscard]] expected<phase> next(phase from, step by);
[[nodiscard]] std::string_view to_string(phase p) noexcept;

/// What is kept across restarts.
struct progress {
  firmware::phase phase = firmware::phase::idle;
  std::optional<manifest> image;
  friend bool operator==(const progress&, const progress&) = default;
};
/// phase(1), then the manifest as its JSON.
[[nodiscard]] bytes encode(const progress& p);
/// Idle where nothing is stored, or nothing that can be read.
[[nodiscard]] progress decode(const std::optional<bytes>& stored);

}  // namespace smgw::firmware
