// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

/// \file
/// The query parameters of lists and exports (detail specification 6.8, table 6.5).

#include "protocols/http/uri.hpp"

#include <optional>

namespace smgw::http {

/// Which parameters a resource takes; or them together.
enum class filter_key : std::uint8_t {
  fromtime = 1,
  totime = 2,
  type = 4,
  count = 8,
  obis = 16,
  level = 32,
  signature = 64,
};
[[nodiscard]] constexpr std::uint8_t operator|(filter_key a, filter_key b) noexcept {
  return static_cast<std::uint8_t>(static_cast<std::uint8_t>(a) | static_cast<std::uint8_t>(b));
}
[[nodiscard]] constexpr std::uint8_t operator|(std::uint8_t a, filter_key b) noexcept {
  return static_cast<std::uint8_t>(a | static_cast<std::uint8_t>(b));
}

/// The only signature suite of q.signed.
inline constexpr std::string_view detached_suite = "CMS_ECDSA_SHA256_Detached";

/// What of a list is asked for. Everything missing asks for all.
struct filter {
  std::optional<timestamp> from;      ///< inclusive
  std::optional<timestamp> to;        ///< exclusive
  std::optional<std::string> type;    ///< exact
  std::size_t count = 0;              ///< at most so many records; 0: unlimited
  std::optional<obis> register_name;  ///< exact; a missing F is 255
  std::optional<char> level;          ///< exact: I, W, E or F
  bool sign = false;                  ///< with a detached signature

  /// The instants asked for, within those that exist: from `commissioned` on, before `now`. Empty if from >= to.
  struct window {
    timestamp from;
    timestamp to;
    [[nodiscard]] bool contains(timestamp t) const noexcept { return t >= from && t < to; }
  };
  [[nodiscard]] window within(timestamp commissioned, timestamp now) const noexcept;
};

/// Reads the query. A date without a time is midnight UTC (the guideline leaves the zone open). malformed names the
/// parameter: one the resource does not take (`taken`), or a value out of its form.
[[nodiscard]] expected<filter> parse_filter(const target& t, std::uint8_t taken);

}  // namespace smgw::http
