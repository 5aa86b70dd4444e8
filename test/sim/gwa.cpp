// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "gwa.hpp"

#include "actors/foundation/key_token.hpp"
#include "base/check.hpp"
#include "base/octets.hpp"
#include "crypto/hash.hpp"
#include "listen.hpp"
#include "party_cms.hpp"
#include "protocols/http/client_exchange.hpp"
#include "protocols/http/range.hpp"
#include "protocols/wakeup/packet.hpp"

#include <arpa/inet.h>
#include <poll.h>
#include <sys/socket.h>

#include <condition_variable>
#include <mutex>
#include <thread>

namespace smgw::sim {
namespace {

using clock = std::chrono::steady_clock;
constexpr std::chrono::seconds answer_patience{30};
constexpr std::string_view sealed_type = "application/vnd.de-dke-k461-cosem+xml;encap=cms-tr03109";

/// The TLS connection that a gateway opened.
struct line {
  io::descriptor fd;
  std::optional<crypto::tls_session> session;
};

/// Reads what is there within the time; nothing: the connection is over.
std::optional<bytes> receive(line& l, std::chrono::milliseconds patience) {
  pollfd waiting{l.fd.get(), POLLIN, 0};
  const int ready = ::poll(&waiting, 1, static_cast<int>(patience.count()));
  if (ready == 0) return bytes{};
  bytes chunk(16384);
  const auto n = ready < 0 ? -1 : ::recv(l.fd.get(), chunk.data(), chunk.size(), 0);
  if (n <= 0) return std::nullopt;
  auto out = l.session->feed(bytes_view{chunk}.first(static_cast<std::size_t>(n)), wall_clock());
  if (!out || !send_all(l.fd.get(), out->transmit) || out->failure || (out->peer_closed && out->plaintext.empty()))
    return std::nullopt;
  return std::move(out->plaintext);
}

}  // namespace

struct gwa::impl {
  gwa_options options;
  io::descriptor listener;
  std::uint16_t port = 0;
  std::unique_ptr<https_server> services;
  mutable std::mutex guard;  ///< of all below
  std::condition_variable changed;
  std::unique_ptr<line> gateway;
  std::uint64_t connections = 0;
  std::vector<gateway_message> messages;
  bool refuses = false;
  std::mutex asking;  ///< one request at a time: there is no pipelining
  std::jthread acceptor;

  void say(const std::string& text) const {
    if (options.say) options.say(text);
  }

  void accept_all(const std::stop_token& stop) {
    while (!stop.stop_requested()) {
      auto fd = accept_one(listener.get(), std::chrono::milliseconds{200});
      if (fd.get() >= 0) greet(std::move(fd));
    }
  }

  void greet(io::descriptor fd) {
    auto l = std::make_unique<line>();
    l->fd = std::move(fd);
    auto made = crypto::tls_session::create({.role = crypto::tls_role::server,
                                             .interface = crypto::tls_interface::wan,
                                             .identity = options.self.identity(),
                                             .peer = {.pinned = {options.gateway_tls}, .anchors = {}}});
    if (!made) return say("no TLS: " + made.error().what);
    l->session = std::move(*made);
    if (!l->session->start(wall_clock())) return;
    const auto end = clock::now() + std::chrono::seconds{20};
    while (!l->session->established()) {
      if (!receive(*l, std::chrono::milliseconds{500}) || clock::now() > end) return say("a connection was refused");
    }
    say("gateway connected: " + describe(*l->session->summary()));
    const std::scoped_lock lock(guard);
    gateway = std::move(l);
    ++connections;
    changed.notify_all();
  }

  served serve(const http::request& request) {
    if (request.verb == http::method::get) return {serve_file(request)};
    if (const std::scoped_lock lock(guard); refuses) return {http::response{.status = 503}};
    gateway_message m{request.target, std::string(request.headers.get("x-CID")), {}, {}, {}};
    if (request.target.starts_with(options.point_of_contact + "/forward/")) {
      m.forwarded = request.body;
      const std::scoped_lock lock(guard);
      messages.push_back(std::move(m));
      return {http::response{.status = 202}};
    }
    auto content = open_sealed(request.body, options.self, {options.gateway_signature});
    if (content)
      m.content = as_text(*content);
    else
      m.refused = content.error().what;
    say("message to " + m.target + (m.refused.empty() ? "" : " refused: " + m.refused));
    const int status = m.refused.empty() ? 200 : 400;
    const std::scoped_lock lock(guard);
    messages.push_back(std::move(m));
    return {http::response{.status = status}};
  }

  http::response serve_file(const http::request& request) {
    const auto found = options.files.find(request.target);
    say("file " + request.target + " " + std::string(request.headers.get("Range")));
    if (found == options.files.end()) return {.status = 404};
    return http::answer_file(request, {found->second, "application/octet-stream", "\"1\""}, "part");
  }

  expected<http::response> exchange(line& l, const http::request& request) {
    http::client_exchange e;
    SMGW_TRY(const auto started, e.start(request, clock::now(), answer_patience));
    SMGW_TRY(const auto records, l.session->send(started.transmit));
    if (!send_all(l.fd.get(), records)) return fail(errc::unavailable, "the gateway has closed the connection");
    for (;;) {
      const auto got = receive(l, answer_patience);
      if (!got) return fail(errc::unavailable, "the gateway has closed the connection");
      if (got->empty()) SMGW_CHECK(e.tick(clock::now()));
      if (got->empty()) continue;
      SMGW_TRY(auto out, e.feed(*got, clock::now()));
      if (out.done) return std::move(*out.done);
    }
  }
};

gwa::gwa(std::unique_ptr<impl> state) : impl_(std::move(state)) {}
gwa::~gwa() {
  impl_->acceptor.request_stop();
  if (impl_->acceptor.joinable()) impl_->acceptor.join();
  impl_->services.reset();  // its connections still tell us what they hear
}

expected<std::unique_ptr<gwa>> gwa::start(gwa_options options) {
  auto state = std::make_unique<impl>();
  SMGW_TRY(state->listener, listen_tcp(options.host, options.port, state->port));
  state->options = std::move(options);
  auto* self = state.get();
  SMGW_TRY(state->services, https_server::start({.host = self->options.host,
                                                 .port = self->options.service_port,
                                                 .identity = self->options.self.identity(),
                                                 .peers = {.pinned = {self->options.gateway_tls}, .anchors = {}},
                                                 .handle = [self](const http::request& r) { return self->serve(r); },
                                                 .say = self->options.say,
                                                 .connected = {}}));
  state->acceptor = std::jthread([self](const std::stop_token& stop) { self->accept_all(stop); });
  return std::unique_ptr<gwa>(new gwa(std::move(state)));
}

std::uint16_t gwa::port() const noexcept { return impl_->port; }
std::uint16_t gwa::service_port() const noexcept { return impl_->services->port(); }

expected<bytes> gwa::wake_up_packet(timestamp at, const party* signer) const {
  const auto& by = signer != nullptr ? *signer : impl_->options.self;
  const auto covered = wakeup::covered_octets(impl_->options.gateway, at);
  const auto hash = crypto::hash_for(by.signature.on);
  SMGW_TRY(const auto signature, by.keys->sign_digest(signature_label, crypto::digest(hash, covered)));
  const auto scheme = hash == crypto::hash::sha256   ? wakeup::scheme::ecdsa_plain_sha256
                      : hash == crypto::hash::sha384 ? wakeup::scheme::ecdsa_plain_sha384
                                                     : wakeup::scheme::ecdsa_plain_sha512;
  return wakeup::encode(covered, scheme, signature);
}

expected<void> gwa::send_packet(bytes_view packet, const std::string& host, std::uint16_t port, bool tcp) {
  if (tcp) {
    SMGW_TRY(const auto fd, io::dial_tcp(host, port, std::chrono::seconds{5}));
    if (!send_all(fd.get(), packet)) return fail(errc::unavailable, "the wake-up was not taken");
    return {};
  }
  sockaddr_in to{};
  to.sin_family = AF_INET;
  to.sin_port = htons(port);
  if (::inet_pton(AF_INET, host.c_str(), &to.sin_addr) != 1)
    return fail(errc::malformed, host + ": not an IPv4 address");
  const io::descriptor fd{::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0)};
  const auto n = ::sendto(fd.get(), packet.data(), packet.size(), 0, reinterpret_cast<const sockaddr*>(&to), sizeof to);
  if (n != static_cast<ssize_t>(packet.size())) return fail(errc::unavailable, "the wake-up was not sent");
  return {};
}

bool gwa::await_gateway(std::chrono::milliseconds patience) {
  std::unique_lock lock(impl_->guard);
  return impl_->changed.wait_for(lock, patience, [&] { return impl_->gateway != nullptr; });
}

bool gwa::connected() const {
  const std::scoped_lock lock(impl_->guard);
  return impl_->gateway != nullptr;
}

void gwa::hang_up() {
  const std::scoped_lock asking(impl_->asking);
  const std::scoped_lock lock(impl_->guard);
  if (!impl_->gateway) return;
  send_all(impl_->gateway->fd.get(), impl_->gateway->session->close());
  impl_->gateway.reset();
}

expected<http::response> gwa::ask_raw(const http::request& request) {
  const std::scoped_lock asking(impl_->asking);
  std::unique_ptr<line> l;
  {
    const std::scoped_lock lock(impl_->guard);
    l = std::move(impl_->gateway);
  }
  if (!l) return fail(errc::unavailable, "no gateway is connected; wake it first");
  auto answer = impl_->exchange(*l, request);
  const std::scoped_lock lock(impl_->guard);
  if (answer && answer->keep_alive && !impl_->gateway) impl_->gateway = std::move(l);
  return answer;
}

expected<gateway_answer> gwa::ask(http::method verb, const std::string& path, std::string_view document,
                                  http::fields more) {
  http::request request{.verb = verb, .target = target(path), .headers = {{"Host", host_name()}}, .body = {}};
  for (const auto& f : more.all()) request.headers.add(f.name, f.value);
  if (!document.empty()) {
    SMGW_TRY(request.body, sealed(document));
    request.headers.add("Content-Type", std::string(sealed_type));
  }
  SMGW_TRY(auto r, ask_raw(request));
  gateway_answer a{r.status, r.headers, {}};
  if (r.body.empty()) return a;
  if (r.headers.get("Content-Type") == sealed_type && r.status != 206) {
    SMGW_TRY(a.document, opened(r.body));
  } else {
    a.document = as_text(r.body);
  }
  return a;
}

expected<bytes> gwa::sealed(std::string_view document, const party* by) const {
  return seal_for(impl_->options.gateway_encryption, by != nullptr ? *by : impl_->options.self, as_bytes(document));
}

expected<std::string> gwa::opened(bytes_view message) const {
  SMGW_TRY(const auto content, open_sealed(message, impl_->options.self, {impl_->options.gateway_signature}));
  return std::string(as_text(content));
}

std::string gwa::host_name() const { return impl_->options.gateway.lower() + ".sm"; }
std::string gwa::target(const std::string& path) const { return impl_->options.point_of_contact + path; }

std::vector<gateway_message> gwa::messages() const {
  const std::scoped_lock lock(impl_->guard);
  return impl_->messages;
}
void gwa::refuse_messages(bool refuse) {
  const std::scoped_lock lock(impl_->guard);
  impl_->refuses = refuse;
}
std::uint64_t gwa::connections() const {
  const std::scoped_lock lock(impl_->guard);
  return impl_->connections;
}

}  // namespace smgw::sim
