// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "https_server.hpp"

#include "base/check.hpp"
#include "base/octets.hpp"
#include "listen.hpp"
#include "protocols/http/server_exchange.hpp"

#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <format>
#include <thread>
#include <utility>
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

namespace {

using clock = std::chrono::steady_clock;
/// So much may wait for a gateway that does not read; then it is cut.
constexpr std::size_t max_unsent = std::size_t{64} << 20;

/// One gateway. Nothing here blocks, so that thousands of them share a thread.
struct peer {
  io::descriptor fd;
  crypto::tls_session session;
  http::server_exchange exchange;
  bytes unsent;
  struct answer {
    clock::time_point at;
    served what;
  };
  std::optional<answer> waiting;  ///< its delay is not over
  bool closing = false;           ///< once all is sent
  std::size_t reset_after = SIZE_MAX;
};

}  // namespace

struct https_server::impl {
  https_options options;
  io::descriptor listener;
  std::uint16_t port = 0;
  std::shared_ptr<crypto::tls_session_cache> cache = std::make_shared<crypto::tls_session_cache>(2048);
  std::vector<std::unique_ptr<peer>> peers;
  std::atomic<std::size_t> open = 0;
  std::jthread worker;

  void say(const std::string& line) const {
    if (options.say) options.say(line);
  }

  void work(const std::stop_token& stop) {
    std::vector<pollfd> watched;
    while (!stop.stop_requested()) {
      watched.assign(1, {listener.get(), POLLIN, 0});
      for (const auto& p : peers)
        watched.push_back({p->fd.get(), static_cast<short>(p->unsent.empty() ? POLLIN : POLLIN | POLLOUT), 0});
      if (::poll(watched.data(), watched.size(), patience()) < 0) return;
      for (std::size_t i = 1; i < watched.size(); ++i)
        if (auto& p = peers[i - 1]; !serve(*p, watched[i].revents)) p.reset();
      std::erase(peers, nullptr);
      if (watched[0].revents != 0) accept_all();
      open = peers.size();
    }
    for (const auto& p : peers)
      if (p->unsent.empty()) send_all(p->fd.get(), p->session.close());
  }

  /// Milliseconds until an answer is due, at most a fifth of a second.
  [[nodiscard]] int patience() const {
    auto left = std::chrono::milliseconds{200};
    for (const auto& p : peers)
      if (p->waiting)
        left = std::min(left, std::chrono::ceil<std::chrono::milliseconds>(p->waiting->at - clock::now()));
    return static_cast<int>(std::max(left.count(), decltype(left.count()){0}));
  }

  void accept_all() {
    for (int i = 0; i < 64; ++i) {
      auto fd = accept_one(listener.get(), std::chrono::milliseconds{0});
      if (fd.get() < 0) return;
      if (options.connected) options.connected();
      ::fcntl(fd.get(), F_SETFL, ::fcntl(fd.get(), F_GETFL) | O_NONBLOCK);
      auto session = crypto::tls_session::create({.role = crypto::tls_role::server,
                                                  .interface = crypto::tls_interface::wan,
                                                  .identity = options.identity,
                                                  .peer = options.peers,
                                                  .cache = cache});
      if (!session) return say("no TLS: " + session.error().what);
      if (!session->start(wall_clock())) return;
      peers.push_back(std::make_unique<peer>(std::move(fd), std::move(*session),
                                             http::server_exchange{clock::now(), {}, {}}, bytes{}, std::nullopt, false,
                                             options.reset_after ? options.reset_after() : SIZE_MAX));
    }
  }

  /// False: the connection is over.
  [[nodiscard]] bool serve(peer& p, short what) {
    if (p.waiting && clock::now() >= p.waiting->at && !answer(p, std::exchange(p.waiting, std::nullopt)->what))
      return false;
    if ((what & (POLLIN | POLLHUP | POLLERR)) != 0 && !hear(p)) return false;
    return flush(p);
  }

  [[nodiscard]] bool hear(peer& p) {
    std::array<std::uint8_t, 16384> chunk;
    const auto n = ::recv(p.fd.get(), chunk.data(), chunk.size(), 0);
    if (n < 0) return errno == EAGAIN || errno == EINTR;
    if (n == 0) return false;
    if (static_cast<std::size_t>(n) >= p.reset_after) return reset(p);
    p.reset_after -= static_cast<std::size_t>(n);
    auto output = p.session.feed(bytes_view{chunk}.first(static_cast<std::size_t>(n)), wall_clock());
    if (!output) return false;
    put(p.unsent, output->transmit);
    if (output->failure) say("connection refused: " + output->failure->why.what);
    if (output->failure || output->peer_closed) p.closing = true;
    if (output->handshake_done) say("gateway connected: " + describe(*p.session.summary()));
    if (output->plaintext.empty() || p.closing) return true;
    return step(p, p.exchange.feed(output->plaintext, clock::now()), false);
  }

  /// The peer's system drops what it had not read yet.
  [[nodiscard]] static bool reset(const peer& p) {
    const linger at_once{1, 0};
    ::setsockopt(p.fd.get(), SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
    return false;
  }

  [[nodiscard]] bool step(peer& p, http::server_exchange::output out, bool cut) {
    if (out.received) {
      auto s = options.handle(*out.received);
      p.waiting = peer::answer{clock::now() + s.delay, std::move(s)};
      if (p.waiting->what.delay.count() == 0) return answer(p, std::exchange(p.waiting, std::nullopt)->what);
      return true;
    }
    if (cut) out.transmit.resize(out.transmit.size() / 2);
    if (!out.transmit.empty()) {
      const auto records = p.session.send(out.transmit);
      if (!records) return false;
      put(p.unsent, *records);
    }
    p.closing = p.closing || out.close || cut;
    return p.unsent.size() <= max_unsent;
  }

  [[nodiscard]] bool answer(peer& p, served s) {
    auto written = p.exchange.respond(std::move(s.response), clock::now());
    return written && step(p, std::move(*written), s.cut);
  }

  [[nodiscard]] static bool flush(peer& p) {
    while (!p.unsent.empty()) {
      const auto n = ::send(p.fd.get(), p.unsent.data(), p.unsent.size(), MSG_NOSIGNAL);
      if (n < 0) return errno == EAGAIN || errno == EINTR;
      p.unsent.erase(p.unsent.begin(), p.unsent.begin() + n);
    }
    return !p.closing;
  }
};

https_server::https_server(std::unique_ptr<impl> state) : impl_(std::move(state)) {}
https_server::~https_server() = default;  // the worker is asked to stop, and waited for

expected<std::unique_ptr<https_server>> https_server::start(https_options options) {
  auto state = std::make_unique<impl>();
  SMGW_TRY(state->listener, listen_tcp(options.host, options.port, state->port));
  state->options = std::move(options);
  auto* self = state.get();
  state->worker = std::jthread([self](const std::stop_token& stop) { self->work(stop); });
  return std::unique_ptr<https_server>(new https_server(std::move(state)));
}

std::uint16_t https_server::port() const noexcept { return impl_->port; }
std::size_t https_server::connections() const noexcept { return impl_->open.load(); }

}  // namespace smgw::sim
