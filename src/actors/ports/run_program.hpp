// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

/// \file
/// Another program, run to its end.

#include <smgw/types.hpp>

#include <filesystem>

namespace smgw {

/// The most of its output that is read.
inline constexpr std::size_t max_program_output = 1U << 20;

struct program_end {
  int code = 0;        ///< its exit code; 128 and its signal where one ended it
  std::string output;  ///< of its standard output; what it complains goes to ours
};

/// Runs `program` without a shell. unavailable: it cannot be started; exhausted: it says more than is read, and was
/// ended for it.
[[nodiscard]] expected<program_end> run_program(const std::filesystem::path& program,
                                                const std::vector<std::string>& arguments);

}  // namespace smgw
