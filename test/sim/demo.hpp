// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

#include <chrono>
#include <filesystem>

namespace smgw::sim {

struct demo_options {
  std::filesystem::path gateway;   ///< the program smgw
  std::filesystem::path folder;    ///< empty: a fresh one, removed at the end
  std::chrono::seconds length{0};  ///< 0: until Ctrl-C
  std::chrono::seconds period{5};
};

/// Makes a world, starts the gateway, two meters and a market participant, tells what happens, and ends with a summary.
/// Returns the exit code: 0 only if telegrams became acknowledged values and the logs verify.
int demo(const demo_options& options);

}  // namespace smgw::sim
