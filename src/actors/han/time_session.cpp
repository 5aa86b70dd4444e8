// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "actors/han/time_session.hpp"

#include "actors/han/session.hpp"
#include "actors/io/wire.hpp"

namespace smgw::han {

struct time_session_core {
  using pointer = time_session_actor::stateful_pointer<time_session_state>;

  time_session_core(pointer actor, time_session_parts given)
      : self(actor), parts(std::move(given)), line(self->clock().now()) {}

  pointer self;
  time_session_parts parts;
  wire_actor wire;
  std::optional<crypto::tls_session> tls;
  ntp::server_line line;
  std::uint64_t round = 0;  ///< of the one timer that counts

  void start() {
    auto made = crypto::tls_session::create(parts.tls);
    if (!made) return self->quit(to_caf(made.error()));
    tls = std::move(*made);
    wire =
        io::spawn_wire(self->system(), std::move(*parts.stream), io::stream_kind::socket, wire_user{self}, parts.now);
    take(tls->start(parts.now()), parts.now());
    arm(handshake_budget);
  }

  void arm(std::chrono::milliseconds after) { self->delayed_send(self, after, wake{++round}); }

  void heard(const wire_bytes& m) {
    if (!wire) return;
    take(tls->feed(m.data, parts.now()), m.arrived);
    if (wire) self->send(wire, wire_more{});
  }

  void take(expected<crypto::tls_output> out, timestamp arrived) {
    if (!out) return finish();
    if (!out->transmit.empty()) self->send(wire, wire_write{std::move(out->transmit)});
    if (out->failure) return finish();
    if (out->handshake_done) arm(time_session_idle);
    if (!out->plaintext.empty()) asked(out->plaintext, arrived);
    if (wire && out->peer_closed) finish();
  }

  void asked(bytes_view octets, timestamp arrived) {
    const auto reply = line.feed(octets, arrived, parts.now(), self->clock().now(), parts.state());
    if (!reply.transmit.empty()) {
      auto records = tls->send(reply.transmit);
      if (!records) return finish();
      self->send(wire, wire_write{std::move(*records)});
      arm(time_session_idle);
    }
    if (reply.close) finish();
  }

  void finish() {
    if (wire) {
      if (auto last = tls->close(); !last.empty()) self->send(wire, wire_write{std::move(last)});
      self->send(wire, wire_close{});
    }
    wire = nullptr;
    self->quit();
  }
};

time_session_actor::behavior_type time_session(time_session_actor::stateful_pointer<time_session_state> self,
                                               time_session_parts parts) {
  guard(self);
  self->monitor(parts.door);
  self->state.core = std::make_shared<time_session_core>(self, std::move(parts));
  auto* core = self->state.core.get();
  self->set_down_handler([core](const caf::down_msg&) { core->finish(); });
  core->start();
  return {
      [core](const wire_bytes& m) { core->heard(m); },
      [core](const wire_closed&) {
        core->wire = nullptr;
        core->finish();
      },
      [core](const wake& w) {
        if (w.round == core->round) core->finish();
      },
  };
}

}  // namespace smgw::han
