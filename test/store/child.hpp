// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <string>
#include <vector>

namespace smgw::store::testing {

/// This test program once more, in a process of its own that runs one hidden test case, with a pipe from there to here.
/// (A fork without exec would inherit the state of RocksDB's threads, but not the threads.)
class child {
 public:
  /// `settings` are `NAME=value` of its environment.
  child(const std::string& test_case, const std::vector<std::string>& settings);
  child(const child&) = delete;
  child& operator=(const child&) = delete;
  ~child();
  /// The next number it told; false: it is gone.
  bool next(std::uint64_t& number);
  void kill();
  /// Waits for its end; the status as waitpid gives it.
  int wait();

  /// In the child: tells a number.
  static void tell(std::uint64_t number);

 private:
  pid_t pid_ = -1;
  int pipe_ = -1;
};

}  // namespace smgw::store::testing
