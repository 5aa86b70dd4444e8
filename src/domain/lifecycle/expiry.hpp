// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

/// \file
/// Certificates end: the gateway says so in time for a renewal (TR-03109-4).

#include <smgw/types.hpp>

#include <optional>
#include <span>
#include <string>
#include <vector>

namespace smgw::lifecycle {

/// From when on before its end a certificate is spoken of (ours: a renewal goes through two organisations).
inline constexpr std::chrono::days expiry_notice{30};
/// How often it is said again.
inline constexpr std::chrono::hours expiry_interval{24};

struct certificate_end {
  std::string name;  ///< whose, and what for
  timestamp not_after{};
};

/// One line for each that has ended, or ends within `expiry_notice`; the most urgent first.
[[nodiscard]] std::vector<std::string> expiry_warnings(std::span<const certificate_end> all, timestamp now);

/// The first end of all; nothing: there are none.
[[nodiscard]] std::optional<timestamp> first_end(std::span<const certificate_end> all);

}  // namespace smgw::lifecycle
