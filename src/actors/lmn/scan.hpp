// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

#include "actors/interfaces/lmn.hpp"

#include <functional>

namespace smgw {

/// How long a link may look for meters that nobody knows, on a bus where it can ask for them, before it tells whom it
/// has found so far; a search that takes longer goes on.
inline constexpr std::chrono::seconds look_budget{60};
/// How long a link may take to tell whom it hears: one may be about to open its port, too.
inline constexpr std::chrono::seconds heard_budget{75};

/// The links that run now.
using links_function = std::function<std::vector<link_actor>()>;

/// Puts together what all links hear. A link that does not answer in time is left out.
[[nodiscard]] scan_actor::behavior_type scan_board(scan_actor::pointer self, links_function links);

}  // namespace smgw
