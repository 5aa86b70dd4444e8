// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "small_disk.hpp"

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <format>
#include <fstream>
#include <string>
#include <utility>
#include <vector>

namespace smgw::test {
namespace {

namespace fs = std::filesystem;

/// Where the disk is, in the holder's view only.
constexpr auto mount_point = "/mnt";

struct pipe_ends {
  int read = -1, write = -1;
};
std::optional<pipe_ends> make_pipe() {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) return std::nullopt;
  return pipe_ends{ends[0], ends[1]};
}

}  // namespace

std::optional<small_disk> small_disk::make(std::size_t mebibytes) {
  const auto in = make_pipe();
  const auto out = make_pipe();
  if (!in || !out) return std::nullopt;
  const auto script =
      std::format("mount -t tmpfs -o size={}m tmpfs {} && echo ready && exec cat", mebibytes, mount_point);
  const pid_t pid = ::fork();
  if (pid == 0) {
    ::dup2(in->read, 0);
    ::dup2(out->write, 1);
    ::execlp("unshare", "unshare", "--user", "--map-root-user", "--mount", "sh", "-c", script.c_str(), nullptr);
    ::_exit(127);
  }
  ::close(in->read);
  ::close(out->write);
  std::array<char, 6> word{};
  const bool ready = ::read(out->read, word.data(), word.size()) > 0;  // the end of the file where it may not
  ::close(out->read);
  small_disk made(pid, in->write);
  if (!ready) return std::nullopt;
  return made;
}

small_disk::small_disk(small_disk&& other) noexcept
    : holder_(std::exchange(other.holder_, -1)), end_(std::exchange(other.end_, -1)) {}

small_disk::~small_disk() {
  if (end_ >= 0) ::close(end_);
  if (holder_ > 0) ::waitpid(holder_, nullptr, 0);
}

fs::path small_disk::path() const { return std::format("/proc/{}/root{}", holder_, mount_point); }

void small_disk::fill() const {
  const int fd = ::open((path() / "ballast").c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  const std::vector<char> block(4096);
  for (auto size = block.size(); size != 0;)
    if (::write(fd, block.data(), size) <= 0) size /= 2;
  ::close(fd);
}

void small_disk::free() const { fs::remove(path() / "ballast"); }

}  // namespace smgw::test
