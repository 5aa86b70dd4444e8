// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

/// \file
/// What a process costs, as the kernel counts it.

#include <sys/resource.h>
#include <sys/types.h>
#include <unistd.h>

#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <string_view>

namespace smgw::bench {

/// A number in a file of /proc, behind its name (`VmRSS:`); 0 where there is none.
inline std::int64_t proc_field(const std::filesystem::path& file, std::string_view name) {
  std::ifstream in(file);
  for (std::string line; std::getline(in, line);)
    if (line.starts_with(name)) return std::atoll(line.c_str() + name.size());
  return 0;
}

/// Resident memory of a process, in KiB.
inline double resident_kib(pid_t pid) {
  return static_cast<double>(proc_field("/proc/" + std::to_string(pid) + "/status", "VmRSS:"));
}

/// User and system time of another process.
inline double cpu_seconds(pid_t pid) {
  std::ifstream stat("/proc/" + std::to_string(pid) + "/stat");
  std::string line;
  std::getline(stat, line);
  std::istringstream rest(line.substr(line.rfind(')') + 2));  // a program's name may have blanks
  double ticks = 0;
  std::string word;
  for (int i = 3; rest >> word && i <= 15; ++i)
    if (i >= 14) ticks += std::atof(word.c_str());
  return ticks / static_cast<double>(::sysconf(_SC_CLK_TCK));
}

/// User and system time of this process.
inline double cpu_seconds() {
  rusage used{};
  ::getrusage(RUSAGE_SELF, &used);
  const auto s = [](const timeval& t) { return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_usec) / 1e6; };
  return s(used.ru_utime) + s(used.ru_stime);
}

}  // namespace smgw::bench
