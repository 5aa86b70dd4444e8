// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "actors/ports/file_port.hpp"

#include "actors/io/streams.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <system_error>
#include <thread>

namespace smgw {
namespace {

using std::chrono::milliseconds;

/// How often the end of the file is looked at for more.
constexpr milliseconds look_again{100};

class file_port final : public ports::serial_port {
 public:
  file_port(io::descriptor fd, std::string name) : fd_(std::move(fd)), name_(std::move(name)) {}

  expected<std::size_t> read(std::span<std::uint8_t> into, milliseconds patience) override {
    for (;;) {
      const auto got = ::read(fd_.get(), into.data(), into.size());
      if (got > 0) return static_cast<std::size_t>(got);
      if (got < 0 && errno != EINTR)
        return fail(errc::unavailable, name_ + ": " + std::generic_category().message(errno));
      if (patience <= milliseconds::zero()) return std::size_t{0};
      const auto pause = std::min(patience, look_again);
      std::this_thread::sleep_for(pause);
      patience -= pause;
    }
  }

  expected<void> write(bytes_view, milliseconds) override { return {}; }

 private:
  io::descriptor fd_;
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
  return std::make_unique<file_port>(std::move(fd), file.string());
}

}  // namespace smgw
