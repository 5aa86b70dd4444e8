// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "time_server.hpp"

#include "base/check.hpp"
#include "listen.hpp"

#include <poll.h>
#include <sys/socket.h>

#include <atomic>
#include <thread>

namespace smgw::sim {

struct time_server::impl {
  time_server_options options;
  io::descriptor listener;
  std::uint16_t port = 0;
  std::atomic<std::uint64_t> answered = 0;
  std::jthread worker;

  void work(const std::stop_token& stop) {
    while (!stop.stop_requested()) {
      const auto fd = accept_one(listener.get(), std::chrono::milliseconds{200});
      if (fd.get() >= 0) serve(fd.get(), stop);
    }
  }

  void serve(int fd, const std::stop_token& stop) {
    auto session = crypto::tls_session::create({.role = crypto::tls_role::server,
                                                .interface = crypto::tls_interface::wan,
                                                .identity = options.identity,
                                                .peer = options.peers});
    if (!session || !session->start(wall_clock())) return;
    bytes chunk(4096), asked;
    while (!stop.stop_requested()) {
      pollfd waiting{fd, POLLIN, 0};
      if (::poll(&waiting, 1, 200) == 0) continue;
      const auto n = ::recv(fd, chunk.data(), chunk.size(), 0);
      if (n <= 0) return;
      auto out = session->feed(bytes_view{chunk}.first(static_cast<std::size_t>(n)), wall_clock());
      if (!out || !send_all(fd, out->transmit) || out->failure || out->peer_closed) return;
      asked.insert(asked.end(), out->plaintext.begin(), out->plaintext.end());
      if (asked.size() < ntp::packet_octets) continue;
      const auto now = wall_clock() + options.wrong_by();
      const auto reply = ntp::answer(asked, now, now, options.state());
      asked.clear();
      if (!reply) return;
      const auto records = session->send(*reply);
      if (!records || !send_all(fd, *records)) return;
      ++answered;
    }
  }
};

time_server::time_server(std::unique_ptr<impl> state) : impl_(std::move(state)) {}
time_server::~time_server() = default;

expected<std::unique_ptr<time_server>> time_server::start(time_server_options options) {
  auto state = std::make_unique<impl>();
  SMGW_TRY(state->listener, listen_tcp("127.0.0.1", options.port, state->port));
  state->options = std::move(options);
  auto* self = state.get();
  state->worker = std::jthread([self](const std::stop_token& stop) { self->work(stop); });
  return std::unique_ptr<time_server>(new time_server(std::move(state)));
}

std::uint16_t time_server::port() const noexcept { return impl_->port; }
std::uint64_t time_server::answers() const noexcept { return impl_->answered.load(); }

}  // namespace smgw::sim
