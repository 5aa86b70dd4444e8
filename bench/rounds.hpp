// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

/// \file
/// A table of jobs over telegrams in memory: telegrams a second, allocations, instructions, and how many times as many
/// a peer takes. Include it once, in the benchmark.

#include "instructions.hpp"
#include "malloc_count.hpp"

#include <chrono>
#include <functional>
#include <vector>

namespace smgw::bench {

struct job {
  const char* name;  ///< one word
  std::size_t telegrams = 0;
  std::size_t octets = 0;              ///< of all telegrams
  std::function<std::size_t()> round;  ///< reads each telegram once; how many records it saw
  double most_instructions = 0;        ///< the claim, for one telegram; 0: none
  double peer_instructions = 0;        ///< what the peer took for one of such telegrams
};

inline void print(const job& j, const char* self) {
  using clock = std::chrono::steady_clock;
  const auto records = static_cast<double>(j.round());  // keys and buffers are made once
  const auto before = allocations;
  (void)j.round();
  const auto made = static_cast<double>(allocations - before);
  std::size_t rounds = 0;
  const auto from = clock::now();
  while (clock::now() - from < std::chrono::seconds{1}) rounds += std::size_t{j.round() != 0};
  const std::chrono::duration<double> took = clock::now() - from;
  const auto n = static_cast<double>(j.telegrams);
  const auto rate = static_cast<double>(rounds) * n / took.count();
  const auto mean = static_cast<double>(j.octets) / n;
  const auto instructions = instructions_of_round(self, j.name) / n;
  std::printf("%-10s %6.0f %8.1f %12.0f %8.1f %12.2f %13.0f", j.name, mean, records / n, rate, rate * mean / 1e6,
              made / n, instructions);
  if (j.peer_instructions != 0 && instructions > 0)
    std::printf(" %11.0f %6.1f", j.peer_instructions, j.peer_instructions / instructions);
  if (j.most_instructions != 0 && instructions > 0)
    std::printf("   at most %.0f: %s", j.most_instructions, instructions <= j.most_instructions ? "kept" : "NOT KEPT");
  std::printf("\n");
}

/// The program: a table, or rounds of one job for callgrind.
inline int run(int argc, char** argv, const std::vector<job>& jobs) {
  if (argc == 4 && std::strcmp(argv[1], "--work") == 0) {
    std::size_t seen = 0;
    for (const auto& j : jobs)
      if (std::strcmp(j.name, argv[2]) == 0)
        for (int i = std::atoi(argv[3]); i > 0; --i) seen += j.round();
    return seen == 0 ? 1 : 0;
  }
  std::printf("%-10s %6s %8s %12s %8s %12s %13s %11s %6s\n", "", "octets", "records", "telegrams/s", "MB/s",
              "allocations", "instructions", "peer's", "ratio");
  for (const auto& j : jobs)
    if (j.telegrams != 0) print(j, argv[0]);
  std::printf("one core; instructions: valgrind --tool=callgrind %s --work JOB N, the difference of N = 12 and N = 2\n",
              argv[0]);
  return 0;
}

}  // namespace smgw::bench
