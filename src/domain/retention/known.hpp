// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

#include "domain/profile/evaluation.hpp"

#include <vector>

namespace smgw::retention {

/// What must be remembered of a contract to find its rows when its profile is gone.
struct known_contract {
  std::string id;
  calendar::span billing;
  timestamp valid_from{};
  std::chrono::seconds day_start{0};
  timestamp rows_from{};                   ///< rows before it are deleted already
  std::optional<timestamp> missing_since;  ///< its profile is gone
  friend bool operator==(const known_contract&, const known_contract&) = default;
};
inline constexpr std::size_t max_known = 4096;  ///< contracts that have left something behind (ours)

/// Brings the list up to date: new contracts enter, those that are gone are marked, those that are back lose the mark.
void meet(std::vector<known_contract>& known, const std::vector<profile::evaluation>& now_there, timestamp now);
/// The parts of an evaluation profile that name its rows.
[[nodiscard]] profile::evaluation as_profile(const known_contract& k);

[[nodiscard]] bytes encode(const std::vector<known_contract>& known);
/// malformed: not such a list.
[[nodiscard]] expected<std::vector<known_contract>> decode_known(bytes_view in);

}  // namespace smgw::retention
