// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "actors/io/silent_port.hpp"

#include "actors/io/streams.hpp"
#include "base/check.hpp"

#include <netinet/in.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <system_error>
#include <thread>
#include <vector>

namespace smgw::io {
namespace {

using clock = std::chrono::steady_clock;
/// Datagrams read before the other descriptors get their turn.
constexpr int batch = 64;

/// Bound to both IPv6 and IPv4; to IPv4 alone where the machine has no IPv6.
expected<descriptor> bind_all(int kind, std::uint16_t port) {
  const auto code = [&](int family) -> expected<descriptor> {
    descriptor fd{::socket(family, kind | SOCK_NONBLOCK | SOCK_CLOEXEC, 0)};
    const int off = 0, on = 1;
    if (family == AF_INET6) ::setsockopt(fd.get(), IPPROTO_IPV6, IPV6_V6ONLY, &off, sizeof off);
    if (kind == SOCK_STREAM) ::setsockopt(fd.get(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    sockaddr_in6 six{};
    six.sin6_family = AF_INET6;
    six.sin6_port = htons(port);
    sockaddr_in four{};
    four.sin_family = AF_INET;
    four.sin_port = htons(port);
    const auto* where = family == AF_INET6 ? reinterpret_cast<const sockaddr*>(&six)  //
                                           : reinterpret_cast<const sockaddr*>(&four);
    const socklen_t size = family == AF_INET6 ? sizeof six : sizeof four;
    if (fd.get() < 0 || ::bind(fd.get(), where, size) != 0)
      return fail(errc::unavailable, "port " + std::to_string(port) + ": " + std::generic_category().message(errno));
    return fd;
  };
  auto both = code(AF_INET6);
  return both ? std::move(both) : code(AF_INET);
}

std::uint16_t bound_port(const descriptor& fd) {
  sockaddr_in6 where{};
  socklen_t size = sizeof where;
  if (::getsockname(fd.get(), reinterpret_cast<sockaddr*>(&where), &size) != 0) return 0;
  return ntohs(where.sin6_port);  // at the same place in both families
}

}  // namespace

struct silent_port::impl {
  struct caller {
    descriptor fd;
    clock::time_point until;
    bytes said;
  };

  descriptor datagrams, listener, leave;
  std::uint16_t number = 0;
  wanted_function wanted;
  heard_function heard;
  std::vector<caller> callers;
  std::atomic<std::uint64_t> datagram_count = 0, caller_count = 0, dropped = 0;
  std::jthread thread;

  void hear(bytes_view message) {
    if (wanted(message))
      heard(message);
    else
      dropped.fetch_add(1, std::memory_order_relaxed);
  }

  void read_datagrams() {
    std::array<std::uint8_t, max_heard> buffer{};
    for (int i = 0; i < batch; ++i) {
      const auto n = ::recv(datagrams.get(), buffer.data(), buffer.size(), MSG_DONTWAIT | MSG_TRUNC);
      if (n < 0) return;
      datagram_count.fetch_add(1, std::memory_order_relaxed);
      // What is longer than the buffer is cut to it, and no wake-up has that length.
      hear(bytes_view{buffer}.first(std::min(static_cast<std::size_t>(n), buffer.size())));
    }
  }

  void accept_callers() {
    descriptor fd{::accept4(listener.get(), nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC)};
    if (fd.get() < 0) return;
    caller_count.fetch_add(1, std::memory_order_relaxed);
    if (callers.size() >= max_callers) return;  // closed at once
    callers.push_back({std::move(fd), clock::now() + caller_patience, {}});
  }

  /// True once the caller is done with: it has said its message, said too much, or gone.
  bool listen_to(caller& c) {
    std::array<std::uint8_t, max_heard> buffer{};
    const auto n = ::recv(c.fd.get(), buffer.data(), buffer.size(), MSG_DONTWAIT);
    if (n < 0) return errno != EAGAIN && errno != EINTR;
    c.said.insert(c.said.end(), buffer.begin(), buffer.begin() + n);
    if (n != 0 && c.said.size() < max_heard && !wanted(c.said)) return false;
    hear(bytes_view{c.said}.first(std::min(c.said.size(), max_heard)));
    return true;
  }

  void turn() {
    std::vector<pollfd> waiting{{leave.get(), POLLIN, 0}, {datagrams.get(), POLLIN, 0}};
    if (listener.get() >= 0) waiting.push_back({listener.get(), POLLIN, 0});
    const auto first_caller = waiting.size();
    for (const auto& c : callers) waiting.push_back({c.fd.get(), POLLIN, 0});
    if (::poll(waiting.data(), waiting.size(), callers.empty() ? -1 : 1000) < 0) return;
    if (waiting[1].revents != 0) read_datagrams();
    const auto now = clock::now();
    for (std::size_t i = callers.size(); i-- > 0;)
      if ((waiting[first_caller + i].revents != 0 && listen_to(callers[i])) || callers[i].until <= now)
        callers.erase(callers.begin() + static_cast<std::ptrdiff_t>(i));
    if (first_caller > 2 && waiting[2].revents != 0) accept_callers();
  }
};

silent_port::silent_port(std::unique_ptr<impl> state) : impl_(std::move(state)) {}

silent_port::~silent_port() {
  impl_->thread.request_stop();
  const std::uint64_t one = 1;
  [[maybe_unused]] const auto written = ::write(impl_->leave.get(), &one, sizeof one);
}

expected<std::unique_ptr<silent_port>> silent_port::open(std::uint16_t port, bool tcp, wanted_function wanted,
                                                         heard_function heard) {
  auto state = std::make_unique<impl>();
  SMGW_TRY(state->datagrams, bind_all(SOCK_DGRAM, port));
  state->number = bound_port(state->datagrams);
  if (tcp) {
    SMGW_TRY(state->listener, bind_all(SOCK_STREAM, state->number));
    if (::listen(state->listener.get(), max_callers) != 0)
      return fail(errc::unavailable, "port " + std::to_string(port) + ": cannot listen");
  }
  state->leave = descriptor{::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)};
  if (state->leave.get() < 0) return fail(errc::exhausted, "no descriptor left");
  state->wanted = std::move(wanted);
  state->heard = std::move(heard);
  auto* self = state.get();
  state->thread = std::jthread([self](const std::stop_token& stop) {
    while (!stop.stop_requested()) self->turn();
  });
  return std::unique_ptr<silent_port>(new silent_port(std::move(state)));
}

std::uint16_t silent_port::port() const noexcept { return impl_->number; }
heard_counts silent_port::counts() const noexcept {
  return {impl_->datagram_count.load(), impl_->caller_count.load(), impl_->dropped.load()};
}

}  // namespace smgw::io
