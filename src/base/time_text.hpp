// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

#include <smgw/types.hpp>

#include <string>

namespace smgw {

/// `2026-05-14T22:00:01Z`: UTC, to the second (fractions are cut).
[[nodiscard]] std::string to_iso8601(timestamp t);
/// Accepts `YYYY-MM-DDThh:mm:ss[.fff](Z|±hh:mm)`; a zone is mandatory. Refuses impossible dates (malformed).
[[nodiscard]] expected<timestamp> parse_iso8601(std::string_view text);

}  // namespace smgw
