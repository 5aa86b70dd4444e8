// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "listen.hpp"

#include "base/check.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <cerrno>
#include <format>
#include <system_error>

namespace smgw::sim {
namespace {

expected<io::descriptor> bind_tcp(const std::string& host, std::uint16_t port, std::uint16_t& bound) {
  sockaddr_in where{};
  where.sin_family = AF_INET;
  where.sin_port = htons(port);
  if (::inet_pton(AF_INET, host.c_str(), &where.sin_addr) != 1)
    return fail(errc::malformed, host + ": not an IPv4 address");
  io::descriptor fd{::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)};
  const int on = 1;
  ::setsockopt(fd.get(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  if (::bind(fd.get(), reinterpret_cast<const sockaddr*>(&where), sizeof where) != 0)
    return fail(errc::unavailable, std::format("{}:{}: {}", host, port, std::generic_category().message(errno)));
  socklen_t size = sizeof where;
  ::getsockname(fd.get(), reinterpret_cast<sockaddr*>(&where), &size);
  bound = ntohs(where.sin_port);
  return fd;
}

}  // namespace

expected<io::descriptor> listen_tcp(const std::string& host, std::uint16_t port, std::uint16_t& bound) {
  SMGW_TRY(auto fd, bind_tcp(host, port, bound));
  if (::listen(fd.get(), 1024) != 0)
    return fail(errc::unavailable, std::format("{}:{}: {}", host, port, std::generic_category().message(errno)));
  return fd;
}

expected<io::descriptor> reserve_port(std::uint16_t& bound) { return bind_tcp("127.0.0.1", 0, bound); }

}  // namespace smgw::sim
