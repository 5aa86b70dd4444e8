// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "cls.hpp"

#include "actors/platform/assembly.hpp"
#include "base/check.hpp"
#include "base/octets.hpp"
#include "listen.hpp"

#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>

#include <condition_variable>
#include <format>
#include <mutex>
#include <random>

namespace smgw::sim {
namespace {

using namespace std::chrono;
using namespace std::chrono_literals;
using steady = std::chrono::steady_clock;

timestamp wall_clock() { return platform::system_clock_now(); }

bool send_all(int fd, bytes_view data) {
  while (!data.empty()) {
    const auto n = ::send(fd, data.data(), data.size(), MSG_NOSIGNAL);
    if (n < 0 && (errno == EAGAIN || errno == EINTR)) {
      pollfd ready{fd, POLLOUT, 0};
      ::poll(&ready, 1, 1000);
      continue;
    }
    if (n <= 0) return false;
    data = data.subspan(static_cast<std::size_t>(n));
  }
  return true;
}

/// Nothing in time, or the end: empty.
std::optional<bytes> read_some(int fd, steady::time_point until) {
  const auto left = duration_cast<milliseconds>(until - steady::now());
  pollfd ready{fd, POLLIN, 0};
  if (left.count() <= 0 || ::poll(&ready, 1, static_cast<int>(left.count())) <= 0) return std::nullopt;
  bytes piece(16384);
  const auto n = ::recv(fd, piece.data(), piece.size(), 0);
  if (n < 0 && (errno == EAGAIN || errno == EINTR)) return bytes{};
  if (n <= 0) return std::nullopt;
  piece.resize(static_cast<std::size_t>(n));
  return piece;
}

constexpr auto label = "cls";
constexpr std::size_t max_line = 256;

}  // namespace

crypto::tls_identity cls_party::identity() const { return {keys, label, {certificate}}; }

namespace {

expected<crypto::certificate> own_certificate(crypto::key_store& keys, const std::string& common_name, timestamp now) {
  return crypto::make_self_signed(keys, label,
                                  {.profile = crypto::self_signed_profile::han,
                                   .subject = {.common_name = common_name, .country = "DE"},
                                   .dns_name = common_name,
                                   .not_before = now - 1h,
                                   .not_after = now + 24h * 365});
}

}  // namespace

expected<cls_party> make_cls(const std::string& common_name, timestamp now) {
  cls_party p;
  p.keys = crypto::soft_key_store::in_memory();
  SMGW_CHECK(p.keys->generate(label, crypto::curve::secp256r1, crypto::key_purpose::tls));
  SMGW_TRY(p.certificate, own_certificate(*p.keys, common_name, now));
  return p;
}

expected<cls_party> keep_cls(const std::filesystem::path& folder, const std::string& common_name, timestamp now) {
  cls_party p;
  constexpr std::string_view passphrase = "a simulated device";
  SMGW_CHECK(write_file(folder / "README", "A simulated controllable system's key and certificate.\n"));
  SMGW_TRY(p.keys, crypto::soft_key_store::open(folder / "keys.sealed", secret{as_bytes(passphrase)},
                                                {.memory_kib = 8 * 1024, .iterations = 1}));
  if (p.keys->find(label)) {
    SMGW_TRY(const auto kept, load_certificates(folder / "cls.pem"));
    p.certificate = kept.front();
    return p;
  }
  SMGW_CHECK(p.keys->generate(label, crypto::curve::secp256r1, crypto::key_purpose::tls));
  SMGW_TRY(p.certificate, own_certificate(*p.keys, common_name, now));
  SMGW_CHECK(write_file(folder / "cls.pem", to_pem(p.certificate)));
  return p;
}

// --- the client

expected<cls_client> cls_client::connect(const std::string& host, std::uint16_t port, const cls_party& self,
                                         const crypto::certificate& gateway) {
  SMGW_TRY(auto fd, io::dial_tcp(host, port, 5s));
  if (!send_all(fd.get(), socks::client_greeting())) return fail(errc::unavailable, "closed");
  bytes answer;
  const auto until = steady::now() + 20s;
  while (answer.size() < 2) {
    const auto some = read_some(fd.get(), until);
    if (!some) return fail(errc::unavailable, "no answer to the greeting");
    put(answer, *some);
  }
  if (answer != bytes{socks::version, socks::method_tls}) return fail(errc::denied, "another method");
  SMGW_TRY(auto session,
           crypto::tls_session::create({.role = crypto::tls_role::client,
                                        .interface = crypto::tls_interface::han,
                                        .identity = self.identity(),
                                        .peer = {.pinned = {gateway}, .anchors = {}, .check_time = false}}));
  cls_client c(std::move(fd), std::move(session));
  SMGW_CHECK(c.take(c.tls_.start(wall_clock())));
  while (!c.tls_.established()) SMGW_CHECK(c.read_once(until));
  return c;
}

expected<void> cls_client::take(expected<crypto::tls_output> out) {
  if (!out) return std::unexpected{out.error()};
  const bool end = out->failure || out->peer_closed;
  const bool flows = tls_.summary() && !out->handshake_done;
  if (!out->transmit.empty() && !send_all(fd_.get(), socks::wrap(end && flows ? socks::frame_state::closing
                                                                 : flows      ? socks::frame_state::data_flow
                                                                              : socks::frame_state::handshake,
                                                                 out->transmit)))
    return fail(errc::unavailable, "closed");
  put(plain_, out->plaintext);
  if (out->failure) return fail(out->failure->why.code, out->failure->why.what + " " + out->failure->alert);
  ended_ = ended_ || out->peer_closed;
  return {};
}

expected<void> cls_client::read_once(steady::time_point until) {
  const auto some = read_some(fd_.get(), until);
  if (!some) {
    if (steady::now() >= until) return fail(errc::expired, "nothing in time");
    ended_ = true;
    return tls_.established() || said_goodbye_ || !plain_.empty() ? expected<void>{}
                                                                  : fail(errc::unavailable, "closed");
  }
  SMGW_TRY(const auto frames, frames_.feed(*some));
  for (const auto& f : frames) {
    closing_seen_ = closing_seen_ || f.state == socks::frame_state::closing;
    if (!f.content.empty() && !tls_.over()) SMGW_CHECK(take(tls_.feed(f.content, wall_clock())));
  }
  return {};
}

bool cls_client::transport_ends(milliseconds wait) {
  const auto until = steady::now() + wait;
  while (read_some(fd_.get(), until)) {
  }
  return steady::now() < until;
}

bool cls_client::send_raw(bytes_view octets) { return send_all(fd_.get(), octets); }

expected<void> cls_client::send(bytes_view plain) {
  while (!plain.empty()) {
    const auto piece = plain.first(std::min<std::size_t>(plain.size(), 16384));
    SMGW_TRY(const auto records, tls_.send(piece));
    if (!send_all(fd_.get(), socks::wrap(socks::frame_state::data_flow, records)))
      return fail(errc::unavailable, "closed");
    plain = plain.subspan(piece.size());
  }
  return {};
}

expected<bytes> cls_client::receive(milliseconds wait) {
  const auto until = steady::now() + wait;
  while (plain_.empty() && !ended_) SMGW_CHECK(read_once(until));
  return std::exchange(plain_, {});
}

expected<socks::reply_code> cls_client::request(std::string_view name) {
  SMGW_CHECK(send(socks::client_request(name)));
  bytes got;
  for (;;) {
    SMGW_TRY(const auto more, receive());
    if (more.empty()) return fail(errc::unavailable, "closed before the reply");
    put(got, more);
    SMGW_TRY(const auto code, socks::read_reply(got));
    if (!code) continue;
    constexpr std::size_t reply_size = 10;
    plain_.assign(got.begin() + reply_size, got.end());
    return *code;
  }
}

void cls_client::close() {
  said_goodbye_ = true;
  const auto last = tls_.close();
  static_cast<void>(send_all(fd_.get(), socks::wrap(socks::frame_state::closing, last)));
}

// --- the control box

struct control_box::impl {
  options o;
  std::atomic<unsigned> limit{~0U};
  std::atomic<bool> connected{false};
  std::unique_ptr<market_server> server;
  std::jthread thread;

  void say(const std::string& line) const {
    if (o.say) o.say(line);
  }

  /// A line, and what is said to it.
  std::string obey(const std::string& line) {
    std::string answer = "WHAT";
    if (line.starts_with("LIMIT ")) {
      limit = static_cast<unsigned>(std::atoi(line.c_str() + 6));
      answer = "OK " + std::to_string(limit.load());
    } else if (line == "FREE") {
      limit = ~0U;
      answer = "OK FREE";
    }
    say(line + " -> " + answer);
    return answer + '\n';
  }

  /// The whole lines in `text`, which keeps the rest; what is said to them.
  std::string obey_all(std::string& text) {
    std::string said;
    for (std::size_t end = 0; (end = text.find('\n')) != text.npos; text.erase(0, end + 1))
      said += obey(text.substr(0, end));
    if (text.size() > max_line) text.clear();
    return said;
  }

  /// The gateway has come.
  void host(const market_server::connection& c) {
    connected = true;
    say("the gateway is here");
    std::string text;
    for (;;) {
      const auto got = c.receive(24h);
      if (got.empty()) break;
      text += as_text(got);
      if (const auto said = obey_all(text); !said.empty() && !c.send(as_bytes(said))) break;
    }
    connected = false;
    say("the gateway has gone");
  }

  void session(const std::stop_token& stop) {
    auto c = cls_client::connect(o.host, o.port, o.self, o.gateway);
    if (!c) return say("no connection: " + c.error().what);
    const auto code = c->request(o.name);
    if (!code || *code != socks::reply_code::connected)
      return say("refused: " + (code ? std::string(to_string(*code)) : code.error().what));
    connected = true;
    say("connected to " + o.name);
    std::string text;
    while (!stop.stop_requested()) {
      const auto got = c->receive(500ms);
      if (!got && got.error().code == errc::expired) continue;
      if (!got || got->empty()) break;
      text += as_text(*got);
      if (const auto said = obey_all(text); !said.empty() && !c->send(as_bytes(said))) break;
    }
    c->close();
    connected = false;
    say("disconnected");
  }

  void run(const std::stop_token& stop) {
    std::mt19937 random{std::random_device{}()};
    while (!stop.stop_requested()) {
      session(stop);
      // REQ.TA.SOCKSTLS.ConnectRequest.80: a random wait
      std::uniform_int_distribution<std::int64_t> wait(o.first_pause.count(), o.last_pause.count());
      const auto end = steady::now() + milliseconds{wait(random)};
      while (steady::now() < end && !stop.stop_requested()) std::this_thread::sleep_for(20ms);
    }
  }
};

control_box::control_box(std::unique_ptr<impl> state) : impl_(std::move(state)) {}
control_box::~control_box() = default;
unsigned control_box::power() const { return std::min(impl_->o.wants, impl_->limit.load()); }
bool control_box::connected() const { return impl_->connected; }

expected<std::unique_ptr<control_box>> control_box::start(options o) {
  auto state = std::make_unique<impl>();
  state->o = std::move(o);
  auto* self = state.get();
  if (self->o.waits) {
    SMGW_TRY(
        self->server,
        market_server::start(
            self->o.self.identity(), {.pinned = {self->o.gateway}, .anchors = {}, .check_time = false}, self->o.port,
            [self](const market_server::connection& c) { self->host(c); }, crypto::tls_interface::han));
    return std::unique_ptr<control_box>(new control_box(std::move(state)));
  }
  state->thread = std::jthread([self](const std::stop_token& stop) { self->run(stop); });
  return std::unique_ptr<control_box>(new control_box(std::move(state)));
}

// --- the market participant

struct market_server::impl {
  crypto::tls_identity self;
  crypto::tls_interface on = crypto::tls_interface::wan;
  crypto::tls_peer_rule gateways;
  serve_function serve;
  io::descriptor listener;
  std::uint16_t port = 0;
  std::mutex guard;
  std::vector<std::jthread> connections;
  std::jthread acceptor;

  void one(int fd, const std::stop_token& stop) {
    auto session = crypto::tls_session::create(
        {.role = crypto::tls_role::server, .interface = on, .identity = self, .peer = gateways});
    if (!session || !session->start(wall_clock())) return;
    bytes plain;
    bool ended = false;
    const auto read = [&](steady::time_point until) {
      const auto some = read_some(fd, until);
      if (!some) return false;
      auto out = session->feed(*some, wall_clock());
      if (!out || !send_all(fd, out->transmit) || out->failure) return ended = true, false;
      put(plain, out->plaintext);
      if (out->peer_closed) ended = true;
      return true;
    };
    const auto begun = steady::now() + 20s;
    while (!session->established() && !ended && steady::now() < begun && !stop.stop_requested())
      if (!read(steady::now() + 200ms) && ended) return;
    if (!session->established()) return;
    serve({[&](bytes_view data) {
             while (!data.empty()) {
               const auto piece = data.first(std::min<std::size_t>(data.size(), 16384));
               const auto records = session->send(piece);
               if (!records || !send_all(fd, *records)) return false;
               data = data.subspan(piece.size());
             }
             return true;
           },
           [&](milliseconds wait) {
             const auto until = steady::now() + wait;
             while (plain.empty() && !ended && steady::now() < until && !stop.stop_requested())
               if (!read(std::min(until, steady::now() + 200ms)) && ended) break;
             return std::exchange(plain, {});
           }});
    send_all(fd, session->close());
    ::shutdown(fd, SHUT_WR);
    bytes rest(1024);
    while (read_some(fd, steady::now() + 1s)) {
    }
  }

  void accept_all(const std::stop_token& stop) {
    while (!stop.stop_requested()) {
      pollfd waiting{listener.get(), POLLIN, 0};
      if (::poll(&waiting, 1, 100) <= 0) continue;
      io::descriptor fd{::accept4(listener.get(), nullptr, nullptr, SOCK_CLOEXEC)};
      if (fd.get() < 0) continue;
      const std::scoped_lock lock(guard);
      connections.emplace_back([this, held = std::make_shared<io::descriptor>(std::move(fd))](
                                   const std::stop_token& until) { one(held->get(), until); });
    }
  }
};

market_server::market_server(std::unique_ptr<impl> state) : impl_(std::move(state)) {}
market_server::~market_server() {
  impl_->acceptor.request_stop();
  if (impl_->acceptor.joinable()) impl_->acceptor.join();
  impl_->connections.clear();
}
std::uint16_t market_server::port() const { return impl_->port; }

expected<std::unique_ptr<market_server>> market_server::start(crypto::tls_identity self, crypto::tls_peer_rule gateways,
                                                              std::uint16_t port, serve_function serve,
                                                              crypto::tls_interface on) {
  auto state = std::make_unique<impl>();
  SMGW_TRY(state->listener, listen_tcp("127.0.0.1", port, state->port));
  state->self = std::move(self);
  state->on = on;
  state->gateways = std::move(gateways);
  state->serve = std::move(serve);
  auto* s = state.get();
  state->acceptor = std::jthread([s](const std::stop_token& stop) { s->accept_all(stop); });
  return std::unique_ptr<market_server>(new market_server(std::move(state)));
}

}  // namespace smgw::sim
