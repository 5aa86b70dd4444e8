// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "actors/han/session.hpp"

#include "actors/ask.hpp"
#include "actors/io/wire.hpp"
#include "base/octets.hpp"

namespace smgw::han {

using namespace std::chrono;

struct session_core {
  using pointer = session_actor::stateful_pointer<session_state>;

  session_core(pointer actor, session_parts given)
      : self(actor), parts(std::move(given)), exchange(clock(), request_limits, parts.times) {}

  pointer self;
  session_parts parts;
  wire_actor wire;
  std::optional<crypto::tls_session> tls;
  std::optional<certificate_print> certificate;
  http::server_exchange exchange;
  bytes outgoing;             ///< of answers, in plain text, not yet encrypted
  std::size_t sent = 0;       ///< octets of it that are
  std::size_t in_flight = 0;  ///< on the wire, not yet taken by the system
  bool close_after = false;   ///< once all is out
  bool streaming = false;
  bool hungry = false;  ///< the wire waits for wire_more
  bool over = false;
  time_point handshake_end{};
  std::optional<time_point> exchange_wake;
  std::optional<time_point> send_end;
  std::optional<time_point> armed;

  [[nodiscard]] time_point clock() const { return self->clock().now(); }

  void start() {
    auto made = crypto::tls_session::create(parts.tls);
    if (!made) return self->quit(to_caf(made.error()));
    tls = std::move(*made);
    wire = io::spawn_wire(self->system(), std::move(*parts.stream), io::stream_kind::socket, self, parts.now,
                          [me = caf::actor_cast<caf::actor>(session_actor{self})](std::size_t unsent) {
                            caf::anon_send(me, wire_written{unsent});
                          });
    handshake_end = clock() + handshake_budget;
    take(tls->start(parts.now()));
    arm();
  }

  // --- in

  void heard(const wire_bytes& m) {
    if (over) return;
    hungry = true;
    take(tls->feed(m.data, parts.now()));
    read_on();
    arm();
  }

  void take(expected<crypto::tls_output> out) {
    if (!out) return finish();
    transmit(std::move(out->transmit));
    if (out->failure) return finish();
    if (out->handshake_done) {
      handshake_end = time_point::max();
      if (const auto& peer = tls->summary()->peer) certificate = peer->fingerprint;
    }
    if (!out->plaintext.empty() && !streaming) step(exchange.feed(out->plaintext, clock()));
    if (out->peer_closed && !over) {
      // Half-closed: what was asked is still answered.
      step(exchange.peer_finished());
    }
  }

  void step(http::server_exchange::output out) {
    exchange_wake = out.wake_at;
    put(outgoing, out.transmit);
    if (out.close) close_after = true;
    if (out.received) question(std::move(*out.received));
    pump();
  }

  void question(http::request asked) {
    ask(
        self, parts.home, home_budget, home_request{std::move(asked), certificate, parts.source},
        [this](const home_answer& a) { answered(a); },
        [this](const error& e) { respond({.status = e.code == errc::unavailable ? 503 : 500}); });
  }

  void answered(const home_answer& a) {
    if (over) return;
    if (!a.stream) return respond(a.out);
    streaming = true;
    exchange_wake.reset();
    put(outgoing,
        "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nCache-Control: no-store\r\n"
        "Connection: close\r\n\r\n");
    put(outgoing, a.out.body);
    pump();
    read_on();
    arm();
  }

  void respond(http::response r) {
    if (over) return;
    auto out = exchange.respond(std::move(r), clock());
    if (!out) return;  // it was answered with 503 meanwhile
    step(std::move(*out));
    read_on();
    arm();
  }

  void event(const home_event& e) {
    if (over || !streaming) return;
    if (outgoing.size() - sent + in_flight > max_stream_backlog) return finish();
    put(outgoing, e.data);
    pump();
    arm();
  }

  // --- out

  void transmit(bytes records) {
    if (records.empty() || !wire) return;
    in_flight += records.size();
    self->send(wire, wire_write{std::move(records)});
  }

  void pump() {
    while (!over && in_flight < send_piece && sent < outgoing.size() && tls->established()) {
      const auto piece = bytes_view{outgoing}.subspan(sent).first(std::min(send_piece, outgoing.size() - sent));
      auto records = tls->send(piece);
      if (!records) return finish();
      sent += piece.size();
      transmit(std::move(*records));
    }
    if (sent == outgoing.size()) {
      outgoing.clear();
      sent = 0;
    }
    const bool waits = !outgoing.empty() || in_flight != 0;
    if (!waits) send_end.reset();
    if (waits && !send_end) send_end = clock() + send_budget;
    if (!waits && close_after) finish();
  }

  void written(const wire_written& m) {
    if (m.unsent < in_flight) send_end.reset();  // it moves
    in_flight = m.unsent;
    pump();
    read_on();
    arm();
  }

  /// While an answer is made or on its way, nothing more is read.
  void read_on() {
    if (over || !hungry || !wire) return;
    if (!streaming && (exchange.busy() || !outgoing.empty() || in_flight > send_piece)) return;
    hungry = false;
    self->send(wire, wire_more{});
  }

  // --- time

  void arm() {
    if (over) return;
    auto next = handshake_end;
    if (exchange_wake && tls->established()) next = std::min(next, *exchange_wake);
    if (send_end) next = std::min(next, *send_end);
    if (const auto& s = tls->summary())
      next = std::min(next, clock() + std::max(s->expires - parts.now(), milliseconds{1}));
    if (armed && *armed <= next) return;
    armed = next;
    self->delayed_send(self, duration_cast<milliseconds>(next - clock()) + milliseconds{1}, wake{1});
  }

  void timer() {
    armed.reset();
    const auto now = clock();
    if (now >= handshake_end || (send_end && now >= *send_end)) return finish();
    if (tls->established()) take(tls->tick(parts.now()));
    if (!over && exchange_wake && now >= *exchange_wake) step(exchange.tick(now));
    arm();
  }

  void finish() {
    if (over) return;
    over = true;
    exchange.dropped();
    if (wire && tls) {
      transmit(tls->close());
      self->send(wire, wire_close{});
    }
    self->quit();
  }

  void gone() {
    over = true;
    exchange.dropped();  // REQ.Webservice.HttpServer.80
    self->quit();
  }
};

session_actor::behavior_type session(session_actor::stateful_pointer<session_state> self, session_parts parts) {
  guard(self);
  self->state.core = std::make_shared<session_core>(self, std::move(parts));
  auto* core = self->state.core.get();
  self->monitor(core->parts.door);
  self->set_down_handler([core](const caf::down_msg&) { core->finish(); });
  self->send(self, wake{0});
  return {
      [core](const wire_bytes& m) { core->heard(m); },
      [core](const wire_closed&) { core->gone(); },
      [core](const wire_written& m) { core->written(m); },
      [core](const home_event& m) { core->event(m); },
      [core](const wake& w) {
        if (core->over) return;
        if (w.round == 0) return core->start();
        core->timer();
      },
  };
}

}  // namespace smgw::han
