// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

// What the administrator asks, one request after the other, and what it is answered.
#include "actors/wan/administrator.hpp"

#include "actors/ask.hpp"
#include "actors/wan/administrator_core.hpp"

#include <algorithm>

namespace smgw {

void administrator_core::received(const channel_received& m) {
  if (!current() || !exchange) return;
  take(exchange->feed(m.data, self->clock().now()));
}

void administrator_core::take(http::server_exchange::output out) {
  if (!out.transmit.empty()) self->send(channel, channel_write{std::move(out.transmit)});
  if (out.close) {
    hang_up();
    return try_new_address();
  }
  if (out.wake_at) {
    const auto wait = std::chrono::ceil<std::chrono::milliseconds>(*out.wake_at - self->clock().now());
    self->delayed_send(self, std::max(wait, std::chrono::milliseconds{1}), wake{exchange_tick + (connection << 2)});
  }
  if (!out.received) return;
  ++requests;
  desk.handle(peer, *out.received, [this, asked = connection](http::response r) { answer(asked, std::move(r)); });
}

void administrator_core::answer(std::uint64_t asked, http::response r) {
  if (r.status >= 400) ++refused;
  if (asked != connection || !exchange) return;
  auto out = exchange->respond(std::move(r), self->clock().now());
  if (out) return take(std::move(*out));
  // The exchange has answered 503 itself meanwhile; anything else is a header of ours that cannot be sent.
  if (out.error().code != errc::conflict) hang_up();
}

void administrator_core::announce(const std::string& what) const { parts.current()->announce("administrator", what); }

void administrator_core::note(ledger::event what, ledger::outcome outcome, std::string text) {
  auto record = ledger::make(what, outcome, parts.current()->now(), std::move(text));
  record.destination = peer.peer.text();
  ask(
      self, parts.ledger, record_budget, record_event{std::move(record), {}, nullptr}, [](const event_recorded&) {},
      [this](const error& e) { last_error = "not recorded: " + e.what; });
}

status_report administrator_core::report() const {
  return {"administrator",
          {{"peer", peer.peer.port == 0 ? std::string() : peer.peer.text()},
           {"state", open      ? "connected: " + session
                     : channel ? "connecting"
                               : "idle"},
           {"connections", connections},
           {"requests", requests},
           {"refused", refused},
           {"wake-ups while connected", ignored},
           {"profiles", std::int64_t{parts.current()->told.revision}},
           {"former profile", std::string(former ? "kept until the new one has worked" : "none")},
           {"last error", last_error}}};
}

administrator_actor::behavior_type administrator(administrator_actor::stateful_pointer<administrator_state> self,
                                                 administrator_parts parts) {
  guard(self);
  self->state.core = std::make_shared<administrator_core>(self, std::move(parts));
  auto* core = self->state.core.get();
  if (core->next_waits()) core->try_next();
  core->start();
  return {
      [core](const open_management&) { core->wanted(); },       [core](const channel_opened& m) { core->opened(m); },
      [core](const channel_received& m) { core->received(m); }, [core](const channel_closed& m) { core->closed(m); },
      [core](const query_status&) { return core->report(); },   [core](const wake& w) { core->timer(w); },
  };
}

}  // namespace smgw
