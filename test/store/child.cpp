// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#include "store/child.hpp"

#include <catch2/catch_test_macros.hpp>
#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <utility>

namespace smgw::store::testing {

namespace {
constexpr int telling = 3;  ///< the child's end of the pipe
}

child::child(const std::string& test_case, const std::vector<std::string>& settings) {
  int ends[2];
  REQUIRE(::pipe2(ends, O_CLOEXEC) == 0);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0);
  if (ends[1] == telling)
    ::fcntl(ends[1], F_SETFD, 0);
  else
    posix_spawn_file_actions_adddup2(&actions, ends[1], telling);
  std::vector<std::string> words{"test_store", test_case};
  std::vector<std::string> variables = settings;
  for (char** v = environ; *v != nullptr; ++v) variables.emplace_back(*v);
  const auto pointers = [](std::vector<std::string>& from) {
    std::vector<char*> out;
    for (auto& s : from) out.push_back(s.data());
    out.push_back(nullptr);
    return out;
  };
  const int failed =
      ::posix_spawn(&pid_, "/proc/self/exe", &actions, nullptr, pointers(words).data(), pointers(variables).data());
  posix_spawn_file_actions_destroy(&actions);
  ::close(ends[1]);
  pipe_ = ends[0];
  REQUIRE(failed == 0);
}

child::~child() {
  if (pid_ > 0) {
    kill();
    wait();
  }
  ::close(pipe_);
}

bool child::next(std::uint64_t& number) {
  return ::read(pipe_, &number, sizeof number) == static_cast<ssize_t>(sizeof number);
}

void child::kill() { ::kill(pid_, SIGKILL); }

int child::wait() {
  int status = 0;
  ::waitpid(std::exchange(pid_, -1), &status, 0);
  return status;
}

void child::tell(std::uint64_t number) {
  if (::write(telling, &number, sizeof number) != static_cast<ssize_t>(sizeof number)) std::_Exit(1);
}

}  // namespace smgw::store::testing
