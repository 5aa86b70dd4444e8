// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "https_server.hpp"

#include "base/check.hpp"
#include "listen.hpp"
#include "protocols/http/server_exchange.hpp"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <condition_variable>
#include <format>
#include <mutex>
#include <thread>
#include <vector>

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

io::descriptor accept_one(int listener, std::chrono::milliseconds patience) {
  pollfd waiting{listener, POLLIN, 0};
  if (::poll(&waiting, 1, static_cast<int>(patience.count())) <= 0) return {};
  io::descriptor fd{::accept4(listener, nullptr, nullptr, SOCK_CLOEXEC)};
  const int on = 1;
  if (fd.get() >= 0) ::setsockopt(fd.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  return fd;
}

std::string describe(const crypto::tls_summary& s) {
  return std::format("{}, {}{}", to_string(s.version), s.suite_name, s.peer ? ", " + s.peer->subject_cn : "");
}

struct https_server::impl {
  https_options options;
  io::descriptor listener;
  std::uint16_t port = 0;
  std::shared_ptr<crypto::tls_session_cache> cache = std::make_shared<crypto::tls_session_cache>();
  std::mutex guard;
  std::vector<std::jthread> connections;
  std::jthread acceptor;

  void say(const std::string& line) const {
    if (options.say) options.say(line);
  }

  void accept_all(const std::stop_token& stop) {
    while (!stop.stop_requested()) {
      auto fd = accept_one(listener.get(), std::chrono::milliseconds{200});
      if (fd.get() < 0) continue;
      if (options.connected) options.connected();
      const std::scoped_lock lock(guard);
      connections.emplace_back([this, held = std::make_shared<io::descriptor>(std::move(fd))](
                                   const std::stop_token& until) { serve(held->get(), until); });
    }
  }

  void serve(int fd, const std::stop_token& stop) {
    auto session = crypto::tls_session::create({.role = crypto::tls_role::server,
                                                .interface = crypto::tls_interface::wan,
                                                .identity = options.identity,
                                                .peer = options.peers,
                                                .cache = cache});
    if (!session) return say("no TLS: " + session.error().what);
    if (!session->start(wall_clock())) return;
    http::server_exchange exchange(std::chrono::steady_clock::now(), {}, {});
    bytes chunk(16384);
    while (!stop.stop_requested()) {
      pollfd waiting{fd, POLLIN, 0};
      if (::poll(&waiting, 1, 200) == 0) continue;
      const auto n = ::recv(fd, chunk.data(), chunk.size(), 0);
      if (n <= 0) return;
      auto output = session->feed(bytes_view{chunk}.first(static_cast<std::size_t>(n)), wall_clock());
      if (!output || !send_all(fd, output->transmit)) return;
      if (output->failure) return say("connection refused: " + output->failure->why.what);
      if (output->handshake_done) say("gateway connected: " + describe(*session->summary()));
      if (!output->plaintext.empty() && !answer(fd, *session, exchange, output->plaintext, stop)) return;
      if (output->peer_closed) return;
    }
    send_all(fd, session->close());
  }

  bool answer(int fd, crypto::tls_session& session, http::server_exchange& exchange, bytes_view plaintext,
              const std::stop_token& stop) {
    auto step = exchange.feed(plaintext, std::chrono::steady_clock::now());
    bool cut = false;
    if (step.received) {
      auto s = options.handle(*step.received);
      cut = s.cut;
      if (!pause(s.delay, stop)) return false;
      auto written = exchange.respond(std::move(s.response), std::chrono::steady_clock::now());
      if (!written) return false;
      step = std::move(*written);
    }
    if (step.transmit.empty()) return !step.close;
    if (cut) step.transmit.resize(step.transmit.size() / 2);
    const auto records = session.send(step.transmit);
    if (!records || !send_all(fd, *records)) return false;
    return !step.close && !cut;
  }

  /// False if the server stops meanwhile.
  static bool pause(std::chrono::milliseconds length, const std::stop_token& stop) {
    std::mutex unused;
    std::unique_lock lock(unused);
    std::condition_variable_any never;
    never.wait_for(lock, stop, length, [] { return false; });
    return !stop.stop_requested();
  }
};

https_server::https_server(std::unique_ptr<impl> state) : impl_(std::move(state)) {}
https_server::~https_server() {
  impl_->acceptor.request_stop();
  if (impl_->acceptor.joinable()) impl_->acceptor.join();
  impl_->connections.clear();  // each asks its thread to stop and waits for it
}

expected<std::unique_ptr<https_server>> https_server::start(https_options options) {
  auto state = std::make_unique<impl>();
  SMGW_TRY(state->listener, listen_tcp(options.host, options.port, state->port));
  state->options = std::move(options);
  auto* self = state.get();
  state->acceptor = std::jthread([self](const std::stop_token& stop) { self->accept_all(stop); });
  return std::unique_ptr<https_server>(new https_server(std::move(state)));
}

std::uint16_t https_server::port() const noexcept { return impl_->port; }

}  // namespace smgw::sim
