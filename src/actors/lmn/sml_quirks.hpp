// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

#include "actors/messages/common.hpp"
#include "domain/profile/meter.hpp"
#include "protocols/sml/quirks.hpp"

namespace smgw::lmn {

/// Where the meter's profile says that it bends SML.
[[nodiscard]] sml::quirks quirks_of(const profile::meter& m);
/// Adds those that mattered, and how often, to a port's status.
void report_quirks(const sml::quirk_counts& used, status_report& to);

}  // namespace smgw::lmn
