// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

/// \file
/// Small texts of the home network's answers. Lists are long, so they are written, not built.

#include "protocols/han/model.hpp"

namespace smgw::han {

/// `"…"` with everything escaped that JSON wants escaped; octets that are no UTF-8 become U+FFFD.
void put_quoted(std::string& out, std::string_view text);
[[nodiscard]] std::string json_text(std::string_view text);

/// `Content-Type: application/json` and the text.
[[nodiscard]] http::response json_answer(std::string_view text, int status = 200);

/// Instants of Germany's legal time: `2026-03-01T01:00:00+01:00`, and without a zone.
[[nodiscard]] std::string local_time(timestamp t, bool with_zone);
/// Hours ahead of UTC: 1, or 2 in summer (Directive 2000/84/EC: last Sundays of March and October, 1:00 UTC).
[[nodiscard]] int local_offset_hours(timestamp t) noexcept;

/// Eight digits with bit 0 first, as field devices write status words: 5 becomes `a0000000`.
[[nodiscard]] std::string bit0_first(std::uint32_t half);

/// Whether the slot holds a value (SMGW_NoValue is not set; detail specification 15).
[[nodiscard]] constexpr bool has_value(const status_word& s) noexcept { return (s.smgw & (1U << 13)) == 0; }

/// `value` as an integer count of 10^`scaler`; nothing where digits would be lost or it does not fit.
[[nodiscard]] std::optional<std::int64_t> scaled(const decimal& value, int scaler) noexcept;
/// The same, rounded half away from zero where digits would be lost.
[[nodiscard]] std::int64_t scaled_rounded(const decimal& value, int scaler) noexcept;

}  // namespace smgw::han
