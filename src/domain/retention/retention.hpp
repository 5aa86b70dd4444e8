// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

#include "domain/profile/evaluation.hpp"

#include <span>

/// How long measured values stay, and when their purpose is fulfilled (overview 6.1: deletion as soon as it is).
namespace smgw::retention {

/// PROPOSED: the guideline names no numbers. From what consumers may look at: load profiles for 24 months, billing and
/// daily values for three years back; TAF 6 keeps six weeks; TAF 9, 10 and 14 keep nothing (overview 6.2).
inline constexpr std::chrono::months profile_months{24};
inline constexpr std::chrono::months billing_months{36};
inline constexpr std::chrono::days on_demand_days{42};
/// A list that no evaluation names: so long a profile may be away while it is replaced.
inline constexpr std::chrono::hours orphan_grace{24};

/// What one use case needs of its original lists, and how long its own rows stay.
struct rule {
  bool originals = true;  ///< false: original values are needed only until they are consumed
  std::chrono::months original_months = profile_months;
  std::chrono::months row_months = billing_months;
};
[[nodiscard]] rule rule_of(const profile::evaluation& e) noexcept;

/// An evaluation and how far it has consumed its lists; nothing: not known, so everything is still needed.
struct standing {
  const profile::evaluation* what = nullptr;
  std::optional<timestamp> consumed_until;
};

/// Entries of this list with targets before this instant have fulfilled their purpose. Never later than what an
/// evaluation has not consumed, nor than the beginning of a billing period that is open.
[[nodiscard]] timestamp originals_needed_from(const device_id& meter, const obis& register_name,
                                              std::span<const standing> evaluations, timestamp now,
                                              const calendar::legal_time& zone);

/// Daily and billing rows of this evaluation before this instant have fulfilled their purpose.
[[nodiscard]] timestamp rows_needed_from(const profile::evaluation& e, timestamp now, const calendar::legal_time& zone);

/// The same local time so many months before; where that day does not exist, the last one of its month.
[[nodiscard]] timestamp months_before(timestamp now, std::chrono::months n, const calendar::legal_time& zone);

}  // namespace smgw::retention
