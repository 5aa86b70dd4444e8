// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "stories/far_side.hpp"

#include "base/octets.hpp"
#include "protocols/http/server_exchange.hpp"

#include <algorithm>
#include <utility>

namespace smgw::test {
namespace {

/// How long one that has said its last still hears.
constexpr std::chrono::seconds hears_on{5};

struct far_state {
  std::optional<crypto::tls_session> session;
  std::optional<http::server_exchange> exchange;
  std::optional<wire_fault> fault;
  bool dead = false;
  bool finished = false;  ///< says no more
};
using pointer = wire_actor::stateful_pointer<far_state>;

struct far_end {
  pointer self;
  far_side* who;
  wire_user user;
  clock_function now;

  /// What of these octets still passes before the fault; the fault happens with the octet that it names.
  [[nodiscard]] bytes_view passing(wire_fault::side side, std::size_t& count, bytes_view data) const {
    const auto& f = self->state.fault;
    const auto left = f && f->where == side ? f->after - std::min(f->after, count) : data.size();
    const auto part = data.first(std::min(left, data.size()));
    count += part.size();
    if (f && f->where == side && count >= f->after) self->state.dead = true;
    return part;
  }
  void die() const {
    who->established = false;
    const auto how = self->state.fault->what;
    if (how == wire_fault::kind::stall) return;  // it stays, and says nothing any more
    self->send(user, wire_closed{{errc::unavailable, how == wire_fault::kind::reset
                                                         ? "connection reset by peer"
                                                         : "the other side closed the connection"}});
    if (how == wire_fault::kind::reset) return self->quit();
    self->state.fault.reset();
    self->state.dead = false;
    self->state.finished = true;
    self->delayed_send(self, hears_on, wire_close{});
  }
  void say(bytes_view records) const {
    if (records.empty() || self->state.finished) return;
    const auto part = passing(wire_fault::side::said, who->octets_said, records);
    if (!part.empty()) self->send(user, wire_bytes{bytes(part.begin(), part.end()), now()});
  }
  void hear(bytes_view data) const {
    auto& s = *self->state.session;
    if (self->state.dead || s.over()) return;
    // What comes after the half-close is not of the newest connection any more, whose octets are counted.
    const auto part = self->state.finished ? data : passing(wire_fault::side::heard, who->octets_heard, data);
    auto out = s.feed(part, now());
    // What was heard whole is answered, then the fault strikes: the far side has acted upon what it got.
    const bool cut = self->state.dead;
    if (out && !cut) say(out->transmit);
    if (out && out->handshake_done) who->established = !self->state.finished;
    if (out && !out->plaintext.empty()) answer(out->plaintext, cut);
    if (!cut) next();
    if (self->state.dead) return die();
    if (!out || out->failure || out->peer_closed) {
      who->established = false;
      self->send(user, wire_closed{{errc::unavailable, "closed by the far side"}});
      self->quit();
    }
  }
  void answer(bytes_view plaintext, bool mute) const {
    if (who->reply) {
      if (const auto said = who->reply(plaintext); !mute) say(*self->state.session->send(said));
      return;
    }
    if (!who->handle) {
      put(who->heard, plaintext);
      return;
    }
    auto step = self->state.exchange->feed(plaintext, self->clock().now());
    if (step.received)
      step = std::move(*self->state.exchange->respond(who->handle(*step.received), self->clock().now()));
    if (!mute && !step.transmit.empty()) say(*self->state.session->send(step.transmit));
  }
  void next() const {
    if (self->state.dead || self->state.finished || !who->established) return;
    if (std::exchange(who->hang_up, false)) return say(self->state.session->close());
    if (who->to_say.empty()) return;
    const auto text = std::move(who->to_say.front());
    who->to_say.pop_front();
    say(*self->state.session->send(text));
    if (self->state.dead) die();
  }
};

wire_actor::behavior_type far_wire(pointer self, far_side* who, wire_user user, clock_function now) {
  self->state.session = std::move(*crypto::tls_session::create({.role = crypto::tls_role::server,
                                                                .interface = crypto::tls_interface::wan,
                                                                .identity = who->self.identity(),
                                                                .peer = who->peers}));
  (void)self->state.session->start(now());
  self->state.exchange.emplace(self->clock().now(), http::limits{}, http::server_exchange::timing{});
  if (who->fault) self->state.fault = who->fault(who->connections);
  ++who->connections;
  who->octets_heard = who->octets_said = 0;
  who->established = false;
  const far_end end{self, who, std::move(user), std::move(now)};
  return {
      [end](const wire_write& m) { end.hear(m.data); },
      [end](const wire_more&) { end.next(); },
      [end](const wire_close&) {
        if (!end.self->state.finished) end.who->established = false;
        end.self->quit();
      },
  };
}

}  // namespace

open_function open_far_side(far_side& who, clock_function now) {
  return [&who, now = std::move(now)](caf::actor_system& system, wire_user user) -> expected<wire_actor> {
    if (who.down) return fail(errc::unavailable, "Connection refused");
    who.wire = system.spawn(far_wire, &who, std::move(user), now);
    return who.wire;
  };
}

}  // namespace smgw::test
