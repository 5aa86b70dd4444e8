// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

/// \file
/// Profiles as the parties of the home network may see them.

#include "domain/calendar/legal_time.hpp"
#include "domain/ledger/record.hpp"
#include "domain/profile/profile_set.hpp"
#include "protocols/han/model.hpp"

namespace smgw::han {

/// Billing periods of one answer, the newest.
inline constexpr std::size_t max_periods = 60;

/// Everything that belongs to this party, and nothing else.
[[nodiscard]] party party_of(const profile::profile_set& profiles, const profile::han& who, timestamp now);
[[nodiscard]] record_view view_of(const ledger::record& r);
/// The consumers that evaluations name, sorted.
[[nodiscard]] std::vector<std::string> consumers_of(const profile::profile_set& profiles);

}  // namespace smgw::han
