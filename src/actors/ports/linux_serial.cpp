// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "actors/io/streams.hpp"
#include "base/check.hpp"

#include <smgw/linux_ports.hpp>

#include <poll.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

namespace smgw::linux_ports {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

class tty_port final : public ports::serial_port {
 public:
  tty_port(io::descriptor fd, std::string device) : fd_(std::move(fd)), device_(std::move(device)) {}

  expected<std::size_t> read(std::span<std::uint8_t> into, milliseconds patience) override {
    SMGW_TRY(const bool ready, wait(POLLIN, patience));
    if (!ready || into.empty()) return std::size_t{0};
    const auto got = ::read(fd_.get(), into.data(), into.size());
    if (got > 0) return static_cast<std::size_t>(got);
    if (got < 0 && (errno == EAGAIN || errno == EINTR)) return std::size_t{0};
    return lost(got == 0 ? EIO : errno);
  }

  expected<void> write(bytes_view octets, milliseconds patience) override {
    const auto until = steady_clock::now() + patience;
    while (!octets.empty()) {
      const auto left = std::chrono::ceil<milliseconds>(until - steady_clock::now());
      SMGW_TRY(const bool ready, wait(POLLOUT, std::max(left, milliseconds{0})));
      if (!ready) return fail(errc::exhausted, device_ + ": the line takes no octets");
      const auto sent = ::write(fd_.get(), octets.data(), octets.size());
      if (sent < 0 && errno != EAGAIN && errno != EINTR) return lost(errno);
      if (sent > 0) octets = octets.subspan(static_cast<std::size_t>(sent));
    }
    return {};
  }

 private:
  [[nodiscard]] std::unexpected<error> lost(int code) const {
    return fail(errc::unavailable, device_ + ": " + std::generic_category().message(code));
  }

  [[nodiscard]] expected<bool> wait(short events, milliseconds patience) const {
    pollfd line{fd_.get(), events, 0};
    const int ready = ::poll(&line, 1, static_cast<int>(patience.count()));
    if (ready < 0 && errno != EINTR) return lost(errno);
    if (ready > 0 && (line.revents & events) == 0) return lost(EIO);
    return ready > 0;
  }

  io::descriptor fd_;
  std::string device_;
};

}  // namespace

expected<std::unique_ptr<ports::serial_port>> open_serial(const ports::serial_line& line) {
  SMGW_TRY(auto fd, io::open_serial(line.device, line.baud));
  return std::make_unique<tty_port>(std::move(fd), line.device);
}

}  // namespace smgw::linux_ports
