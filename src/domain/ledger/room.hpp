// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

#include "domain/ledger/chain.hpp"
#include "domain/profile/log.hpp"

namespace smgw::ledger {

/// So many records a log may have beyond its bound before the oldest go together.
inline constexpr std::uint32_t trim_step = 256;
/// Consumers may look back so long at least; a log that fills faster is cut all the same at twice its bound.
inline constexpr std::uint32_t hard_factor = 2;

/// What a log's fill level calls for.
enum class fill : std::uint8_t {
  room,   ///< nothing
  trim,   ///< the oldest records go (FAU_STG.4/SYS, /CON)
  alarm,  ///< the administrator is told (calibration log)
  full,   ///< nothing enters any more and the gateway stops (FAU_STG.4/CAL)
};

/// Decides about a log with records `first` to `last`.
[[nodiscard]] fill judge_fill(log_kind kind, const profile::log& bounds, std::uint32_t first,
                              std::uint32_t last) noexcept;
/// The newest record that may go when a log is trimmed.
[[nodiscard]] std::uint32_t trim_to(log_kind kind, const profile::log& bounds, std::uint32_t last) noexcept;
/// Whether that record may go: consumer records stay for their time, unless the log grows beyond all bounds.
[[nodiscard]] bool may_go(log_kind kind, const profile::log& bounds, const record& newest_to_go, std::uint32_t first,
                          std::uint32_t last, timestamp now) noexcept;

/// Where a chain begins in the store: `at.last` is the newest record that was cut off, with its hash. Kept beside the
/// log and written in the batch that cuts, so that verification starts there.
[[nodiscard]] bytes encode_begin(const head& at);
/// malformed: not such a state, or of another log.
[[nodiscard]] expected<head> decode_begin(bytes_view in, const log_id& log);

}  // namespace smgw::ledger
