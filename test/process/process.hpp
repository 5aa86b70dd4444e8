// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

#include <smgw/types.hpp>

#include <condition_variable>
#include <filesystem>
#include <functional>
#include <mutex>
#include <optional>
#include <thread>

namespace smgw::test {

/// So long a test waits at most for what must come: a sanitizer on a busy machine takes its time.
inline constexpr std::chrono::seconds patience{60};

/// `smgw`, or a peer of it, as a child process. Ends with the object (by its pid), and with the test program should
/// that be killed.
class process {
 public:
  /// Runs `smgw ARGUMENTS…`; both outputs are read line by line. Call from the main thread: the child ends with it.
  explicit process(std::vector<std::string> arguments);
  /// Another program of this machine, by its whole path.
  process(const std::filesystem::path& program, std::vector<std::string> arguments);
  /// `smgw run` on a configuration.
  static process run(const std::filesystem::path& configuration) { return process({"run", "-c", configuration}); }
  ~process();
  process(const process&) = delete;
  process& operator=(const process&) = delete;

  /// Waits until a whole line that contains `part` is there, from line `from` on; the number of the line after it.
  [[nodiscard]] std::optional<std::size_t> await_line(std::string_view part, std::size_t from = 0,
                                                      std::chrono::milliseconds limit = patience);
  /// Whole lines so far.
  [[nodiscard]] std::vector<std::string> lines() const;
  [[nodiscard]] bool has_line(std::string_view part) const;
  /// All lines as one text, for messages of tests.
  [[nodiscard]] std::string text() const;

  void signal(int number) const;
  /// Waits for the end: the exit code, or 128 + signal; nothing if it still runs. After the end all lines are there.
  [[nodiscard]] std::optional<int> wait(std::chrono::milliseconds limit);

 private:
  void read(int fd);
  mutable std::mutex guard_;
  std::condition_variable changed_;
  std::vector<std::string> lines_;
  bool closed_ = false;
  std::optional<int> ended_;
  pid_t pid_ = -1;
  std::jthread reader_;
};

/// Asks until it is so, or the time is over.
[[nodiscard]] bool eventually(const std::function<bool()>& condition, std::chrono::milliseconds limit = patience);

}  // namespace smgw::test
