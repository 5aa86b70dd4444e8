// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "actors/ports/file_port.hpp"

#include "actors/io/streams.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/inotify.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <system_error>

namespace smgw {
namespace {

using std::chrono::milliseconds;
using clock = std::chrono::steady_clock;

class file_port final : public ports::serial_port {
 public:
  file_port(io::descriptor fd, io::descriptor changes, std::string name)
      : fd_(std::move(fd)), changes_(std::move(changes)), name_(std::move(name)) {}

  expected<std::size_t> read(std::span<std::uint8_t> into, milliseconds patience) override {
    const auto end = clock::now() + patience;
    for (;;) {
      forget_changes();  // before the file is read: what is appended from here on is told anew
      const auto got = ::read(fd_.get(), into.data(), into.size());
      if (got > 0) return static_cast<std::size_t>(got);
      if (got < 0 && errno != EINTR)
        return fail(errc::unavailable, name_ + ": " + std::generic_category().message(errno));
      const auto left = std::chrono::ceil<milliseconds>(end - clock::now());
      if (left <= milliseconds::zero()) return std::size_t{0};
      pollfd waiting{changes_.get(), POLLIN, 0};
      ::poll(&waiting, 1, static_cast<int>(left.count()));
    }
  }

  expected<void> write(bytes_view, milliseconds) override { return {}; }

 private:
  void forget_changes() const {
    std::array<char, 4096> events;
    while (::read(changes_.get(), events.data(), events.size()) > 0) continue;
  }

  io::descriptor fd_, changes_;
  std::string name_;
};

}  // namespace

bool is_file_port(const std::filesystem::path& file) {
  std::error_code failure;
  return std::filesystem::is_regular_file(file, failure);
}

expected<std::unique_ptr<ports::serial_port>> open_file_port(const std::filesystem::path& file) {
  io::descriptor fd{::open(file.c_str(), O_RDONLY | O_CLOEXEC)};
  if (fd.get() < 0) return fail(errc::unavailable, file.string() + ": " + std::generic_category().message(errno));
  io::descriptor changes{::inotify_init1(IN_CLOEXEC | IN_NONBLOCK)};
  if (changes.get() < 0 || ::inotify_add_watch(changes.get(), file.c_str(), IN_MODIFY) < 0)
    return fail(errc::unavailable,
                file.string() + ": cannot be watched for what is appended: " + std::generic_category().message(errno));
  return std::make_unique<file_port>(std::move(fd), std::move(changes), file.string());
}

}  // namespace smgw
