// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "actors/io/door.hpp"

#include <arpa/inet.h>
#include <caf/io/all.hpp>
#include <caf/io/network/acceptor_impl.hpp>
#include <caf/io/network/default_multiplexer.hpp>
#include <caf/policy/tcp.hpp>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>

namespace smgw::io {
namespace {

namespace net = caf::io::network;

std::string source_of(int fd) {
  sockaddr_storage peer{};
  socklen_t size = sizeof peer;
  if (::getpeername(fd, reinterpret_cast<sockaddr*>(&peer), &size) != 0) return "unknown";
  char text[INET6_ADDRSTRLEN] = "";
  const void* address = peer.ss_family == AF_INET6
                            ? static_cast<const void*>(&reinterpret_cast<const sockaddr_in6*>(&peer)->sin6_addr)
                            : &reinterpret_cast<const sockaddr_in*>(&peer)->sin_addr;
  return ::inet_ntop(peer.ss_family, address, text, sizeof text) == nullptr ? "unknown" : text;
}

/// Hands the descriptors on instead of keeping them: each connection becomes a wire of its own.
class handing_doorman final : public caf::io::doorman {
 public:
  handing_doorman(net::default_multiplexer& loop, int fd, std::function<void(descriptor, std::string)> taken)
      : doorman(caf::io::accept_handle::from_int(fd)), acceptor_(loop, fd), taken_(std::move(taken)) {}
  bool new_connection() override {
    if (detached()) return false;
    descriptor stream{acceptor_.accepted_socket()};
    if (stream.get() < 0) return true;
    const int on = 1;
    ::setsockopt(stream.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    auto source = source_of(stream.get());
    taken_(std::move(stream), std::move(source));
    return true;
  }
  void graceful_shutdown() override {
    acceptor_.graceful_shutdown();
    detach(&acceptor_.backend(), false);
  }
  void launch() override { acceptor_.start(this); }
  std::string addr() const override { return "door"; }
  std::uint16_t port() const override { return 0; }
  void add_to_loop() override { acceptor_.activate(this); }
  void remove_from_loop() override {
    acceptor_.passivate();
    const bool reads = (static_cast<unsigned>(acceptor_.eventbf()) & EPOLLIN) != 0;
    if (!reads) acceptor_.removed_from_loop(net::operation::read);  // see wire_doorman
  }

 private:
  net::acceptor_impl<caf::policy::tcp> acceptor_;
  std::function<void(descriptor, std::string)> taken_;
};

caf::behavior acceptor(caf::io::broker* self, const std::shared_ptr<descriptor>& listener,
                       std::function<void(descriptor, std::string)> taken) {
  guard(self);
  auto& loop = dynamic_cast<net::default_multiplexer&>(self->home_system().middleman().backend());
  self->add_doorman(caf::make_counted<handing_doorman>(loop, listener->release(), std::move(taken)));
  return {[](const caf::io::new_connection_msg&) {}, [](const caf::io::acceptor_closed_msg&) {}};
}

}  // namespace

caf::actor spawn_acceptor(caf::actor_system& system, descriptor listener,
                          std::function<void(descriptor stream, std::string source)> taken) {
  return caf::actor_cast<caf::actor>(
      system.middleman().spawn_broker(acceptor, std::make_shared<descriptor>(std::move(listener)), std::move(taken)));
}

}  // namespace smgw::io
