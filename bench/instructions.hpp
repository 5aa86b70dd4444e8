// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

/// \file
/// Instructions of a piece of work, by callgrind: they do not depend on what else the machine does. A benchmark that
/// uses it does `rounds` rounds of one job and nothing else when it is called as `PROGRAM --work JOB ROUNDS`.

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>

/// Instructions of one round of `job`, or 0 without valgrind. `self`: argv[0].
inline double instructions_of_round(const std::string& self, const std::string& job, int few = 2, int many = 12) {
  const auto run = [&](int rounds) {
    const auto command = "valgrind --tool=callgrind --callgrind-out-file=/dev/null " + self + " --work " + job + " " +
                         std::to_string(rounds) + " 2>&1";
    double count = 0;
    if (auto* pipe = popen(command.c_str(), "r"); pipe != nullptr) {
      for (char line[512]; std::fgets(line, sizeof line, pipe) != nullptr;)
        if (const auto* at = std::strstr(line, "Collected : "); at != nullptr) count = std::strtod(at + 12, nullptr);
      pclose(pipe);
    }
    return count;
  };
  return (run(many) - run(few)) / (many - few);
}
