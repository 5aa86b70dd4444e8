// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

#include "actors/interfaces/common.hpp"
#include "actors/interfaces/platform.hpp"

#include <functional>

namespace smgw {

/// How long one actor may take to say how it is.
inline constexpr std::chrono::seconds report_budget{5};
/// Who reports how many did not answer; nobody does when all have.
inline constexpr std::string_view silent_report = "gateway";

/// Who is asked: read at each question, so that an actor that was started again is asked, not its predecessor.
using reporters_function = std::function<std::vector<reporting_actor>()>;

/// Asks everyone and collects the reports in order; one that does not answer in time is left out and counted.
[[nodiscard]] status_actor::behavior_type status_board(status_actor::pointer self, reporters_function reporters);

}  // namespace smgw
