// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

// The connection that the gateway dials: by which profile and which certificates, how often, and what its end means.
#include "actors/wan/administrator_core.hpp"
#include "actors/wan/market.hpp"

#include <utility>

namespace smgw {

void administrator_core::wanted() {
  if (channel) {
    ++ignored;
    return;
  }
  attempts = 0;
  trial_failure.clear();
  dial();
}

void administrator_core::dial() {
  by_former = former && attempts >= management_attempts;
  const auto now = by_former ? former : parts.current();
  const auto* w = now->profiles.administrator();
  if (w == nullptr) {
    last_error = "no profile names an administrator";
    return;
  }
  peer = *w;
  ++attempts;
  ++connection;
  // First with the certificates that wait, if any: one try, then with those in force.
  waited = next_waits();
  trial = waited && trial_failure.empty() && !by_former;
  channel = (trial ? now->succession.dial(peer) : now->dial(peer))(self->system(), self);
  self->delayed_send(self, dial_budget, wake{dial_over + (connection << 2)});
}

bool administrator_core::current() const {
  return channel && self->current_sender() == caf::actor_cast<caf::strong_actor_ptr>(channel);
}

void administrator_core::opened(const channel_opened& m) {
  if (!current()) return;
  open = true;
  session = m.description;
  ++connections;
  exchange.emplace(self->clock().now(), http::limits{}, http::server_exchange::timing{});
  announce("connected: " + m.description + (by_former ? ", by the former profile" : ""));
  if (former && !by_former) give_up_former();
  note(ledger::event::tls_session, ledger::outcome::success, "TLS opened: " + m.description);
  take(exchange->tick(self->clock().now()));  // who never asks is given up, too
  if (trial) return settle(true);
  // It is the certificates, not the way: the ones in force have worked at once.
  if (!trial_failure.empty() && ++failed_trials == management_attempts) settle(false);
}

void administrator_core::closed(const channel_closed& m) {
  if (!current()) return;
  const bool was_open = open;
  drop();
  if (was_open) {
    announce("connection closed");
    try_new_address();
    return note(ledger::event::tls_session, ledger::outcome::success, "TLS closed: " + m.reason.what);
  }
  last_error = m.reason.what;
  lost(m.reason.what);
  announce("not reached: " + m.reason.what);
  note(ledger::event::tls_failure, ledger::outcome::failure, m.reason.what);
  again();
}

void administrator_core::again() {
  if (attempts >= (former ? 2 * management_attempts : management_attempts)) return;
  schedule::backoff pause(peer.retry, connection);
  for (unsigned i = 0; i < (attempts - 1) % management_attempts; ++i) (void)pause.failed();
  self->delayed_send(self, pause.failed(), wake{dial_again + (connection << 2)});
}

void administrator_core::hang_up() {
  if (channel) self->send(channel, channel_close{});
  drop();
}

void administrator_core::drop() {
  if (exchange) (void)exchange->dropped();
  exchange.reset();
  channel = nullptr;
  if (std::exchange(open, false) && !waited && next_waits()) try_next();
}

void administrator_core::timer(const wake& w) {
  if (w.round == desk_round) return desk.tick();
  if (w.round >> 2 != connection) return;
  switch (w.round & 3) {
    case dial_again:
      if (!channel) dial();
      break;
    case exchange_tick:
      if (exchange) take(exchange->tick(self->clock().now()));
      break;
    case dial_over:
      if (!channel || open) break;
      last_error = "no connection within the time limit";
      lost(last_error);
      hang_up();
      again();
      break;
    default: break;
  }
}

}  // namespace smgw
