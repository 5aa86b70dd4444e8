// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

/// \file
/// A process that is measured from outside: its processor time and its memory, with those it has made.

#include "process_cost.hpp"

#include <sys/wait.h>

#include <csignal>
#include <cstdint>
#include <fstream>
#include <string>
#include <utility>
#include <vector>

namespace smgw::bench {

/// A relay and those it has made, until the benchmark ends.
class relay_process {
 public:
  relay_process(pid_t pid, std::uint16_t at) : port(at), pid_(pid) {}
  relay_process(relay_process&& other) noexcept : port(other.port), pid_(std::exchange(other.pid_, -1)) {}
  relay_process& operator=(relay_process&&) = delete;
  ~relay_process() {
    if (pid_ < 0) return;
    for (const auto child : children()) ::kill(child, SIGKILL);
    ::kill(pid_, SIGKILL);
    ::waitpid(pid_, nullptr, 0);
  }
  /// User and system time.
  [[nodiscard]] double cpu_seconds() const {
    double all = 0;
    for_all([&](pid_t p) { all += bench::cpu_seconds(p); });
    return all;
  }
  /// Proportional set size: what is shared counts once.
  [[nodiscard]] double memory_kib() const {
    double all = 0;
    for_all([&](pid_t p) {
      all += static_cast<double>(proc_field("/proc/" + std::to_string(p) + "/smaps_rollup", "Pss:"));
    });
    return all;
  }
  std::uint16_t port;

 private:
  template <class F>
  void for_all(const F& f) const {
    f(pid_);
    for (const auto child : children()) f(child);
  }
  [[nodiscard]] std::vector<pid_t> children() const {
    const auto own = std::to_string(pid_);
    std::ifstream in("/proc/" + own + "/task/" + own + "/children");
    std::vector<pid_t> all;
    for (pid_t p = 0; in >> p;) all.push_back(p);
    return all;
  }
  pid_t pid_;
};

}  // namespace smgw::bench
