// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

/// \file
/// What programs in the field speak to gateways of other makers, so that they work with this one unmodified. Each is
/// switched on by the gateway profile; their paths do not collide. None of them is part of the guideline.

#include "protocols/han/model.hpp"

namespace smgw::han {

/// Nothing: the request is not of this dialect.
using dialect_decision = std::optional<decision>;

/// "IF_GW_CON" 1.4: POST of JSON with a method to `/smgw/m2m/<user>/json`.
[[nodiscard]] dialect_decision plan_theben(const http::request& r, const party& p, timestamp now);
/// GET of JSON below `/json/`.
[[nodiscard]] dialect_decision plan_emh(const http::request& r, const party& p, timestamp now);
/// The transparency software's adapters: `/trudi/…` and, in lower camel case, `/rest/trudi/…`.
[[nodiscard]] dialect_decision plan_trudi(const http::request& r, const party& p, timestamp now);
/// Pages and forms of `/cgi-bin/hanservice.cgi`.
[[nodiscard]] dialect_decision plan_ppc(const http::request& r, const party& p, timestamp now);

/// Longest span of one question for readings, as documented for one of these devices.
inline constexpr std::chrono::days max_span{31};

}  // namespace smgw::han
