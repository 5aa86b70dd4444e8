// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "actors/ports/line_pumps.hpp"

#include <poll.h>
#include <sys/socket.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <system_error>
#include <thread>

namespace smgw {
namespace {

/// Octets on their way to a wire that does not take them; then the port is no longer read.
constexpr int pair_buffer = 16384;

/// Hands all octets to the socket; false once the other side or this pump has ended.
bool forward(int fd, bytes_view data) {
  while (!data.empty()) {
    const auto sent = ::send(fd, data.data(), data.size(), MSG_NOSIGNAL);
    if (sent < 0 && errno == EINTR) continue;
    if (sent <= 0) return false;
    data = data.subspan(static_cast<std::size_t>(sent));
  }
  return true;
}

}  // namespace

struct line_pumps::pump {
  std::unique_ptr<ports::serial_port> port;
  io::descriptor inner;
  std::atomic<int> working{2};
  std::jthread reader, writer;

  pump(std::unique_ptr<ports::serial_port> line, io::descriptor end) : port(std::move(line)), inner(std::move(end)) {
    reader = std::jthread([this] { from_line(); });
    writer = std::jthread([this] { to_line(); });
  }
  ~pump() { end(); }

  /// Wakes both directions: a socket that is shut down neither takes nor gives.
  void end() const { ::shutdown(inner.get(), SHUT_RDWR); }
  [[nodiscard]] bool done() const { return working == 0; }

  [[nodiscard]] bool open() const {
    pollfd end{inner.get(), POLLRDHUP, 0};
    return ::poll(&end, 1, 0) == 0;
  }

  void from_line() {
    std::array<std::uint8_t, 4096> buffer;
    while (open()) {
      const auto read = port->read(buffer, read_patience);
      if (!read || *read > buffer.size() || !forward(inner.get(), bytes_view(buffer).first(*read))) break;
    }
    end();
    --working;
  }

  void to_line() {
    std::array<std::uint8_t, 4096> buffer;
    for (;;) {
      const auto got = ::recv(inner.get(), buffer.data(), buffer.size(), 0);
      if (got < 0 && errno == EINTR) continue;
      if (got <= 0) break;
      if (!port->write(bytes_view(buffer).first(static_cast<std::size_t>(got)), write_patience)) break;
    }
    end();
    --working;
  }
};

line_pumps::line_pumps() = default;
line_pumps::~line_pumps() { stop(); }

expected<io::descriptor> line_pumps::attach(std::unique_ptr<ports::serial_port> port) {
  if (!port) return fail(errc::internal, "the port opens nothing, and does not say why");
  std::array<int, 2> ends{-1, -1};
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) != 0)
    return fail(errc::exhausted, std::generic_category().message(errno));
  io::descriptor outer{ends[0]}, inner{ends[1]};
  for (const int fd : ends) ::setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &pair_buffer, sizeof pair_buffer);
  const std::scoped_lock lock(guard_);
  if (stopped_) return fail(errc::unavailable, "the gateway stops");
  running_.remove_if([](const auto& p) { return p->done(); });
  running_.push_back(std::make_unique<pump>(std::move(port), std::move(inner)));
  return outer;
}

void line_pumps::stop() {
  const std::scoped_lock lock(guard_);
  stopped_ = true;
  for (const auto& p : running_) p->end();
  running_.clear();
}

}  // namespace smgw
