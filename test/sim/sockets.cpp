// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "sockets.hpp"

#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>

#include <format>

namespace smgw::sim {

timestamp wall_clock() { return std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now()); }

bool send_all(int fd, bytes_view data) {
  while (!data.empty()) {
    const auto n = ::send(fd, data.data(), data.size(), MSG_NOSIGNAL);
    if (n <= 0) return false;
    data = data.subspan(static_cast<std::size_t>(n));
  }
  return true;
}

io::descriptor accept_now(int listener) {
  io::descriptor fd{::accept4(listener, nullptr, nullptr, SOCK_CLOEXEC)};
  const int on = 1;
  if (fd.get() >= 0) ::setsockopt(fd.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  return fd;
}

io::descriptor accept_one(int listener, std::chrono::milliseconds patience) {
  pollfd waiting{listener, POLLIN, 0};
  if (::poll(&waiting, 1, static_cast<int>(patience.count())) <= 0) return {};
  return accept_now(listener);
}

void unblock(int fd) { ::fcntl(fd, F_SETFL, ::fcntl(fd, F_GETFL) | O_NONBLOCK); }

std::string describe(const crypto::tls_summary& s) {
  return std::format("{}, {}{}", to_string(s.version), s.suite_name, s.peer ? ", " + s.peer->subject_cn : "");
}

}  // namespace smgw::sim
