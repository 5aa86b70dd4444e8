// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

#include "actors/interfaces/lmn.hpp"

#include <functional>

namespace smgw {

/// How long a link may take to tell whom it hears: one may be about to open its port.
inline constexpr std::chrono::seconds heard_budget{15};

/// The links that run now.
using links_function = std::function<std::vector<link_actor>()>;

/// Puts together what all links hear. A link that does not answer in time is left out.
[[nodiscard]] scan_actor::behavior_type scan_board(scan_actor::pointer self, links_function links);

}  // namespace smgw
