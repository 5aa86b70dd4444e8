// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "emt.hpp"

#include "base/check.hpp"
#include "base/octets.hpp"
#include "base/time_text.hpp"
#include "delivery_reader.hpp"
#include "listen.hpp"
#include "protocols/http/server_exchange.hpp"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <condition_variable>
#include <cstring>
#include <format>
#include <thread>

namespace smgw::sim {
namespace {

timestamp wall_clock() { return std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now()); }

bool send_all(int fd, bytes_view data) {
  while (!data.empty()) {
    const auto n = ::send(fd, data.data(), data.size(), MSG_NOSIGNAL);
    if (n <= 0) return false;
    data = data.subspan(static_cast<std::size_t>(n));
  }
  return true;
}

}  // namespace

struct emt::impl {
  emt_options options;
  io::descriptor listener;
  std::uint16_t port = 0;
  mutable std::mutex guard;
  emt_counts counts;
  std::shared_ptr<crypto::tls_session_cache> cache = std::make_shared<crypto::tls_session_cache>();
  std::vector<std::jthread> connections;
  std::jthread acceptor;

  void say(const std::string& line) const {
    if (options.say) options.say(line);
  }

  void accept_all(const std::stop_token& stop) {
    while (!stop.stop_requested()) {
      pollfd waiting{listener.get(), POLLIN, 0};
      if (::poll(&waiting, 1, 200) <= 0) continue;
      io::descriptor fd{::accept4(listener.get(), nullptr, nullptr, SOCK_CLOEXEC)};
      if (fd.get() < 0) continue;
      const int on = 1;
      ::setsockopt(fd.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
      const std::scoped_lock lock(guard);
      ++counts.connections;
      connections.emplace_back([this, held = std::make_shared<io::descriptor>(std::move(fd))](
                                   const std::stop_token& until) { serve(held->get(), until); });
    }
  }

  void serve(int fd, const std::stop_token& stop) {
    auto session = crypto::tls_session::create({.role = crypto::tls_role::server,
                                                .interface = crypto::tls_interface::wan,
                                                .identity = options.self.identity(),
                                                .peer = options.gateways,
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

  static std::string describe(const crypto::tls_summary& s) {
    return std::format("{}, {}{}", to_string(s.version), s.suite_name, s.peer ? ", " + s.peer->subject_cn : "");
  }

  bool answer(int fd, crypto::tls_session& session, http::server_exchange& exchange, bytes_view plaintext,
              const std::stop_token& stop) {
    auto step = exchange.feed(plaintext, std::chrono::steady_clock::now());
    emt_faults faults;
    if (step.received) {
      faults = faults_of_next();
      auto response = handle(*step.received, faults);
      if (!pause(faults.delay, stop)) return false;
      auto written = exchange.respond(std::move(response), std::chrono::steady_clock::now());
      if (!written) return false;
      step = std::move(*written);
    }
    if (step.transmit.empty()) return !step.close;
    if (faults.close_in_answer) step.transmit.resize(step.transmit.size() / 2);
    const auto records = session.send(step.transmit);
    if (!records || !send_all(fd, *records)) return false;
    return !step.close && !faults.close_in_answer;
  }

  /// How the request that came just now is treated.
  emt_faults faults_of_next() {
    const std::scoped_lock lock(guard);
    ++counts.requests;
    return options.faults.first == 0 || counts.requests <= options.faults.first ? options.faults : emt_faults{};
  }

  /// False if the server stops meanwhile.
  static bool pause(std::chrono::milliseconds length, const std::stop_token& stop) {
    std::mutex unused;
    std::unique_lock lock(unused);
    std::condition_variable_any never;
    never.wait_for(lock, stop, length, [] { return false; });
    return !stop.stop_requested();
  }

  http::response handle(const http::request& request, const emt_faults& faults) {
    const std::scoped_lock lock(guard);
    if (faults.status != 200) {
      ++counts.refused;
      return {.status = faults.status, .reason = {}, .headers = {}, .body = {}};
    }
    auto read = read_delivery(request, options.self, options.gateway_signers);
    if (!read) {
      ++counts.refused;
      say("delivery refused: " + read.error().what);
      return {.status = 400, .reason = {}, .headers = {{"Content-Type", "text/plain"}}, .body = {}};
    }
    ++counts.deliveries;
    for (const auto& c : read->content.channels) {
      counts.values += c.entries.size();
      say(summary(c));
    }
    if (options.take) options.take(*read);
    return {.status = 200, .reason = {}, .headers = {{"Content-Type", "text/plain"}}, .body = {}};
  }

  static std::string summary(const cosem::channel& c) {
    if (c.entries.empty()) return c.logical_name() + ": no values";
    const auto& last = c.entries.back();
    return std::format("{}: {} values, newest {} {} at {} (status {})", c.logical_name(), c.entries.size(),
                       last.value.value.text(), symbol(last.value.measured), to_iso8601(last.value.captured),
                       last.value.status.hex());
  }
};

emt::emt(std::unique_ptr<impl> state) : impl_(std::move(state)) {}
emt::~emt() {
  impl_->acceptor.request_stop();
  if (impl_->acceptor.joinable()) impl_->acceptor.join();
  impl_->connections.clear();  // each asks its thread to stop and waits for it
}

expected<std::unique_ptr<emt>> emt::start(emt_options options) {
  auto state = std::make_unique<impl>();
  SMGW_TRY(state->listener, listen_tcp(options.host, options.port, state->port));
  state->options = std::move(options);
  auto* self = state.get();
  state->acceptor = std::jthread([self](const std::stop_token& stop) { self->accept_all(stop); });
  return std::unique_ptr<emt>(new emt(std::move(state)));
}

std::uint16_t emt::port() const noexcept { return impl_->port; }
emt_counts emt::counts() const {
  const std::scoped_lock lock(impl_->guard);
  return impl_->counts;
}

}  // namespace smgw::sim
