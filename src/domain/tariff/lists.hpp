// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

#include "domain/tariff/contract.hpp"

#include <span>

namespace smgw::tariff {

/// Derived and switch lists are not kept: they are formed anew from a cursor and the original values after it, so that
/// there is one truth only. Daily and billing rows are kept, because they outlive the original values.
[[nodiscard]] constexpr bool is_kept(list_kind k) noexcept { return k == list_kind::daily || k == list_kind::billing; }

/// Rows of a list in from <= at <= to. `c` stands where its cursor was taken; `entries` are the original values after
/// it, each input in order of targets. A row of `switches` shows the registers at the instant from which its stage is
/// active. unsupported: the use case has no registers. internal: a register overflows.
[[nodiscard]] expected<std::vector<register_row>> replay(contract& c, std::span<const list_entry> entries,
                                                         list_kind kind, timestamp from, timestamp to);

/// Whether the use case forms registers (TAF 1 to 5, and 13 when it shows one of them).
[[nodiscard]] bool has_registers(const profile::evaluation& p) noexcept;

/// The instants at which a kept list may have rows, from <= instant <= to and within validity, at most `limit`.
[[nodiscard]] expected<std::vector<timestamp>> instants(const profile::evaluation& p, list_kind kind, timestamp from,
                                                        timestamp to, std::size_t limit);

[[nodiscard]] bytes encode(const register_row& row);
/// malformed: not such a row.
[[nodiscard]] expected<register_row> decode_row(bytes_view in);

}  // namespace smgw::tariff
