// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "relay.hpp"

#include "base/check.hpp"
#include "base/octets.hpp"
#include "listen.hpp"
#include "protocols/http/server_exchange.hpp"

#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <thread>

namespace smgw::sim {

struct relay::impl {
  gwa& through;
  io::descriptor listener;
  std::uint16_t port = 0;
  std::jthread worker;

  explicit impl(gwa& g) : through(g) {}

  void work(const std::stop_token& stop) {
    while (!stop.stop_requested()) {
      const auto fd = accept_one(listener.get(), std::chrono::milliseconds{200});
      if (fd.get() >= 0) serve(fd.get(), stop);
    }
  }

  void serve(int fd, const std::stop_token& stop) {
    http::server_exchange exchange(std::chrono::steady_clock::now(), {}, {.answer = std::chrono::minutes{1}});
    bytes chunk(16384);
    while (!stop.stop_requested()) {
      pollfd waiting{fd, POLLIN, 0};
      if (::poll(&waiting, 1, 200) == 0) continue;
      const auto n = ::recv(fd, chunk.data(), chunk.size(), 0);
      if (n <= 0) return;
      auto step = exchange.feed(bytes_view{chunk}.first(static_cast<std::size_t>(n)), std::chrono::steady_clock::now());
      if (step.received) {
        auto written = exchange.respond(forward(*step.received), std::chrono::steady_clock::now());
        if (!written) return;
        step = std::move(*written);
      }
      if (!send_all(fd, step.transmit) || step.close) return;
    }
  }

  /// The gateway that a path names, and the rest of the path.
  std::pair<managed_gateway*, std::string> addressee(const std::string& path) const {
    const auto end = std::min(path.find('/', 1), path.size());
    const auto id = path.starts_with('/') ? device_id::parse(path.substr(1, end - 1)) : fail(errc::malformed);
    if (!id) return {&through.gateways().front(), path};
    return {through.find(*id), path.substr(end)};
  }

  http::response forward(const http::request& request) const {
    const auto [gateway, path] = addressee(request.target);
    if (gateway == nullptr) return {.status = 404, .body = text("no such gateway\n")};
    const auto prefix = gateway->target({});
    http::fields more;
    for (const auto* name : {"Range", "x-CID", "x-ContactURI"})
      if (const auto* value = request.headers.find(name)) more.add(name, *value);
    const auto answer = gateway->ask(request.verb, path.starts_with(prefix) ? path.substr(prefix.size()) : path,
                                     as_text(request.body), more);
    if (!answer) return {.status = 502, .body = text(answer.error().what + "\n")};
    http::response r{.status = answer->status};
    if (!answer->document.empty()) {
      r.headers.add("Content-Type", "application/xml");
      r.body = text(answer->document);
    }
    return r;
  }

  static bytes text(std::string_view t) {
    const auto octets = as_bytes(t);
    return {octets.begin(), octets.end()};
  }
};

relay::relay(std::unique_ptr<impl> state) : impl_(std::move(state)) {}
relay::~relay() = default;

expected<std::unique_ptr<relay>> relay::start(gwa& through, std::uint16_t port) {
  auto state = std::make_unique<impl>(through);
  SMGW_TRY(state->listener, listen_tcp("127.0.0.1", port, state->port));
  auto* self = state.get();
  state->worker = std::jthread([self](const std::stop_token& stop) { self->work(stop); });
  return std::unique_ptr<relay>(new relay(std::move(state)));
}

std::uint16_t relay::port() const noexcept { return impl_->port; }

}  // namespace smgw::sim
