// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

#include "gwa.hpp"

#include <iosfwd>

namespace smgw::sim {

/// The commands of `smgw-sim gwa`, one a line, from people or from a script. `#` begins a comment, `help` lists them.
/// They are for `gateway` until `use` names another. Returns the exit code: 1 after a command that failed where a
/// script runs.
int gwa_shell(gwa& administrator, managed_gateway& gateway, std::istream& in, std::ostream& out, bool script);

}  // namespace smgw::sim
