// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "domain/ledger/room.hpp"

#include "base/check.hpp"
#include "domain/ledger/checkpoint.hpp"

#include <algorithm>

namespace smgw::ledger {
namespace {

std::uint32_t bound_of(log_kind kind, const profile::log& bounds) noexcept {
  const auto most = kind == log_kind::system     ? bounds.system_entries
                    : kind == log_kind::consumer ? bounds.consumer_entries
                                                 : bounds.calibration_entries;
  return std::max(most, 1U);
}

}  // namespace

fill judge_fill(log_kind kind, const profile::log& bounds, std::uint32_t first, std::uint32_t last) noexcept {
  const std::uint64_t count = last < first ? 0 : std::uint64_t{last} - first + 1;
  const std::uint64_t most = bound_of(kind, bounds);
  if (kind != log_kind::calibration) return count >= most + trim_step ? fill::trim : fill::room;
  if (count >= most) return fill::full;
  return count * 100 >= most * bounds.calibration_alarm_percent ? fill::alarm : fill::room;
}

std::uint32_t trim_to(log_kind kind, const profile::log& bounds, std::uint32_t last) noexcept {
  const auto most = bound_of(kind, bounds);
  return kind == log_kind::calibration || last <= most ? 0 : last - most;
}

bool may_go(log_kind kind, const profile::log& bounds, const record& newest_to_go, std::uint32_t first,
            std::uint32_t last, timestamp now) noexcept {
  if (kind == log_kind::calibration) return false;
  if (kind == log_kind::system) return true;
  const std::uint64_t count = last < first ? 0 : std::uint64_t{last} - first + 1;
  if (count >= std::uint64_t{hard_factor} * bound_of(kind, bounds)) return true;
  // Months of 31 days: rather a day too long than too short.
  return newest_to_go.at + std::chrono::days{31} * bounds.consumer_retention.count() <= now;
}

/// Not signed: the store's seal covers it. A checkpoint without any signature would not be read.
bytes encode_begin(const head& at) { return encode(checkpoint{.at = at, .signed_at = {}, .signature = {0}}); }

expected<head> decode_begin(bytes_view in, const log_id& log) {
  SMGW_TRY(const auto c, decode_checkpoint(in));
  if (c.at.log != log) return fail(errc::malformed, "the beginning of another log");
  return c.at;
}

}  // namespace smgw::ledger
