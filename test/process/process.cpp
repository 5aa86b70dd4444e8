// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "process.hpp"

#include "base/check.hpp"

#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <csignal>

namespace smgw::test {
namespace {

using clock = std::chrono::steady_clock;
constexpr std::chrono::milliseconds pause{10};

/// What happens between fork and exec: only calls that are safe there.
[[noreturn]] void become(char* const* arguments, int output) {
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, nullptr);
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  ::dup2(output, STDERR_FILENO);
  ::dup2(output, STDOUT_FILENO);
  ::execv(arguments[0], arguments);
  ::_exit(127);
}

}  // namespace

process::process(std::vector<std::string> arguments) : process(SMGW_PROGRAM, std::move(arguments)) {}

process::process(const std::filesystem::path& program, std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), program);
  std::vector<char*> raw;
  for (auto& a : arguments) raw.push_back(a.data());
  raw.push_back(nullptr);
  std::array<int, 2> pipe{};
  SMGW_ASSERT(::pipe2(pipe.data(), O_CLOEXEC) == 0);
  pid_ = ::fork();
  if (pid_ == 0) become(raw.data(), pipe[1]);
  ::close(pipe[1]);
  SMGW_ASSERT(pid_ > 0);
  reader_ = std::jthread([this, fd = pipe[0]] { read(fd); });
}

process::~process() {
  if (ended_) return;
  ::kill(pid_, SIGKILL);
  ::waitpid(pid_, nullptr, 0);
}

void process::read(int fd) {
  std::string rest;
  std::array<char, 4096> chunk{};
  for (ssize_t n = 0; (n = ::read(fd, chunk.data(), chunk.size())) > 0;) {
    rest.append(chunk.data(), static_cast<std::size_t>(n));
    const std::scoped_lock lock(guard_);
    for (std::size_t end = 0; (end = rest.find('\n')) != rest.npos; rest.erase(0, end + 1))
      lines_.push_back(rest.substr(0, end));
    changed_.notify_all();
  }
  ::close(fd);
  const std::scoped_lock lock(guard_);
  closed_ = true;
  changed_.notify_all();
}

std::optional<std::size_t> process::await_line(std::string_view part, std::size_t from,
                                               std::chrono::milliseconds limit) {
  std::unique_lock lock(guard_);
  std::optional<std::size_t> found;
  const auto look = [&] {
    for (; from < lines_.size(); ++from)
      if (lines_[from].contains(part)) {
        found = from + 1;
        return true;
      }
    return closed_;
  };
  changed_.wait_for(lock, limit, look);
  return found;
}

std::vector<std::string> process::lines() const {
  const std::scoped_lock lock(guard_);
  return lines_;
}

bool process::has_line(std::string_view part) const {
  return std::ranges::any_of(lines(), [&](const std::string& l) { return l.contains(part); });
}

std::string process::text() const {
  std::string all;
  for (const auto& l : lines()) all += l + "\n";
  return all;
}

void process::signal(int number) const {
  if (!ended_) ::kill(pid_, number);
}

std::optional<int> process::wait(std::chrono::milliseconds limit) {
  for (const auto until = clock::now() + limit; !ended_;) {
    int state = 0;
    if (::waitpid(pid_, &state, WNOHANG) == pid_) {
      ended_ = WIFEXITED(state) ? WEXITSTATUS(state) : 128 + WTERMSIG(state);
      if (reader_.joinable()) reader_.join();
      break;
    }
    const auto left = until - clock::now();
    if (left <= clock::duration::zero()) break;
    std::this_thread::sleep_for(std::min<clock::duration>(left, pause));
  }
  return ended_;
}

bool eventually(const std::function<bool()>& condition, std::chrono::milliseconds limit) {
  for (const auto until = clock::now() + limit; clock::now() < until; std::this_thread::sleep_for(pause * 5))
    if (condition()) return true;
  return condition();
}

}  // namespace smgw::test
