// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "actors/io/channel.hpp"

namespace smgw {

struct channel_core {
  using pointer = channel_actor::stateful_pointer<channel_state>;

  channel_core(pointer actor, channel_parts given, channel_user owner)
      : self(actor), parts(std::move(given)), user(std::move(owner)) {}

  pointer self;
  channel_parts parts;
  channel_user user;
  wire_actor wire;
  std::optional<crypto::tls_session> session;

  void start() {
    auto made = crypto::tls_session::create(parts.tls);
    if (!made) return end(made.error());
    session = std::move(*made);
    auto opened = parts.open(self->system(), self);
    if (!opened) return end(opened.error());
    wire = std::move(*opened);
    take(session->start(parts.now()));
  }

  void take(expected<crypto::tls_output> output) {
    if (!output) return end(output.error());
    if (!output->transmit.empty()) self->send(wire, wire_write{std::move(output->transmit)});
    if (output->failure) {
      const auto& f = *output->failure;
      const auto alert =
          f.alert.empty() ? "" : (f.alert_from_peer ? " (the peer's alert: " : " (alert: ") + f.alert + ")";
      return end({f.why.code, f.why.what + alert});
    }
    if (output->handshake_done) {
      self->send(user, channel_opened{describe(*session->summary())});
      self->delayed_send(self, std::max(session->summary()->expires - parts.now(), std::chrono::milliseconds{1}),
                         wake{});
    }
    if (!output->plaintext.empty()) self->send(user, channel_received{std::move(output->plaintext)});
    if (output->peer_closed) return end({errc::unavailable, "the peer closed the connection"});
  }

  [[nodiscard]] static std::string describe(const crypto::tls_summary& s) {
    return std::string(to_string(s.version)) + ", " + s.suite_name +
           (s.resumed         ? ", resumed"
            : s.group.empty() ? ""
                              : ", " + s.group) +
           (s.peer ? ", peer " + s.peer->subject_cn : "");
  }

  void write(const channel_write& m) {
    if (!session || !session->established()) return end({errc::conflict, "no secure channel to write to"});
    auto records = session->send(m.data);
    if (!records) return end(records.error());
    self->send(wire, wire_write{std::move(*records)});
  }

  void goodbye() {
    if (session && wire) {
      auto last = session->close();
      if (!last.empty()) self->send(wire, wire_write{std::move(last)});
    }
    hang_up();
    self->quit();
  }

  void end(const error& why) {
    self->send(user, channel_closed{why});
    if (session && wire) {
      auto last = session->close();
      if (!last.empty()) self->send(wire, wire_write{std::move(last)});
    }
    hang_up();
    self->quit();
  }

  void hang_up() {
    if (wire) self->send(wire, wire_close{});
    wire = nullptr;
  }
};

channel_actor::behavior_type secure_channel(channel_actor::stateful_pointer<channel_state> self, channel_parts parts,
                                            channel_user user) {
  guard(self);
  self->monitor(user);
  self->state.core = std::make_shared<channel_core>(self, std::move(parts), std::move(user));
  auto* core = self->state.core.get();
  self->set_down_handler([core](caf::down_msg&) { core->goodbye(); });
  self->send(self, wake{1});  // opening blocks: not while the one who starts us waits
  return {
      [core](const wire_bytes& m) {
        if (!core->session) return;
        core->take(core->session->feed(m.data, core->parts.now()));
        if (core->wire) core->self->send(core->wire, wire_more{});
      },
      [core](const wire_closed& m) {
        core->wire = nullptr;
        core->end(m.reason);
      },
      [core](const channel_write& m) { core->write(m); },
      [core](const channel_close&) { core->goodbye(); },
      [core](const wake& w) {
        if (w.round == 1) return core->start();
        if (core->session) core->take(core->session->tick(core->parts.now()));
      },
  };
}

}  // namespace smgw
