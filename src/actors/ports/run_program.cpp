// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "actors/ports/run_program.hpp"

#include "actors/io/streams.hpp"

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <system_error>

namespace smgw {
namespace {

std::string reason(int code) { return std::generic_category().message(code); }

/// Starts it with its standard output in `out`, and no standard input.
int start(pid_t& child, const std::string& program, const std::vector<std::string>& arguments, int out) {
  std::vector<char*> words{const_cast<char*>(program.c_str())};
  for (const auto& a : arguments) words.push_back(const_cast<char*>(a.c_str()));
  words.push_back(nullptr);
  posix_spawn_file_actions_t files;
  posix_spawn_file_actions_init(&files);
  posix_spawn_file_actions_addopen(&files, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_adddup2(&files, out, STDOUT_FILENO);
  posix_spawnattr_t how;
  posix_spawnattr_init(&how);
  sigset_t none;
  sigemptyset(&none);
  posix_spawnattr_setsigmask(&how, &none);  // the gateway blocks signals that the program wants
  posix_spawnattr_setflags(&how, POSIX_SPAWN_SETSIGMASK);
  const int code = ::posix_spawn(&child, program.c_str(), &files, &how, words.data(), ::environ);
  posix_spawnattr_destroy(&how);
  posix_spawn_file_actions_destroy(&files);
  return code;
}

/// Reads to the end; false if there is more than the bound.
bool read_all(int fd, std::string& into) {
  std::array<char, 4096> buffer;
  for (;;) {
    const auto got = ::read(fd, buffer.data(), buffer.size());
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return true;
    if (into.size() + static_cast<std::size_t>(got) > max_program_output) return false;
    into.append(buffer.data(), static_cast<std::size_t>(got));
  }
}

}  // namespace

expected<program_end> run_program(const std::filesystem::path& program, const std::vector<std::string>& arguments) {
  std::array<int, 2> ends{-1, -1};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) return fail(errc::exhausted, reason(errno));
  const io::descriptor from{ends[0]};
  io::descriptor to{ends[1]};
  pid_t child = -1;
  if (const int code = start(child, program.string(), arguments, to.get()); code != 0)
    return fail(errc::unavailable, program.string() + ": " + reason(code));
  to = {};
  program_end end;
  const bool whole = read_all(from.get(), end.output);
  if (!whole) ::kill(child, SIGKILL);
  int status = 0;
  while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  if (!whole) return fail(errc::exhausted, program.string() + " says more than a MiB");
  end.code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  return end;
}

}  // namespace smgw
