// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

#include <smgw/types.hpp>

namespace smgw::sim {

/// Says on standard error what is wrong; 1, the exit code.
int complain(const error& e);
/// SIGINT and SIGTERM reach this and later threads only in `wait_for_signal`; SIGPIPE never.
void block_signals();
void wait_for_signal();

}  // namespace smgw::sim
