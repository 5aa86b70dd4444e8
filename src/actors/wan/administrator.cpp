// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "actors/wan/administrator.hpp"

#include "actors/ask.hpp"
#include "actors/metering/meter.hpp"
#include "actors/wan/former_administrator.hpp"
#include "actors/wan/management_request.hpp"
#include "actors/wan/market.hpp"
#include "base/octets.hpp"
#include "protocols/http/server_exchange.hpp"

namespace smgw {
namespace {

constexpr std::chrono::seconds record_budget{30};
constexpr std::chrono::seconds settle_budget{60};
/// A moment after the connection over which certificates came, they are tried.
constexpr std::chrono::milliseconds trial_pause{1'000};
constexpr std::uint64_t dial_again = 1, exchange_tick = 2, dial_over = 3;

}  // namespace

struct administrator_core : std::enable_shared_from_this<administrator_core> {
  using pointer = administrator_actor::stateful_pointer<administrator_state>;

  administrator_core(pointer actor, administrator_parts given)
      : self(actor), parts(std::move(given)), desk(actor, parts) {}

  pointer self;
  administrator_parts parts;
  management_desk desk;
  profile::wan peer;
  channel_actor channel;
  bool open = false;
  std::string session;
  unsigned attempts = 0;
  std::optional<http::server_exchange> exchange;
  std::uint64_t connection = 0;              ///< which one: an answer that comes late belongs to none
  std::shared_ptr<const tree_parts> former;  ///< the way back, until the profile in force has worked
  bool trial_due = false;                    ///< the new address is tried once this connection ends
  bool by_former = false;                    ///< this connection, or attempt, is by the former profile
  std::int64_t connections = 0, requests = 0, refused = 0, ignored = 0;
  std::string last_error;
  bool trial = false;          ///< this connection is made with the certificates that wait
  bool waited = false;         ///< they waited already when it was opened
  std::string trial_failure;   ///< why the trial before did not reach the administrator
  unsigned failed_trials = 0;  ///< after which the certificates in force did

  // --- the way back after a change of the administrator's profile

  void start() {
    desk.administrator_moved = [this](std::shared_ptr<const tree_parts> before) {
      former = std::move(before);
      trial_due = true;
    };
    ask(
        self, parts.store, store_budget, read_state{std::string(former::state_name)},
        [this](const state_value& stored) { remember(stored.value); },
        [this](const error& e) { self->quit(to_caf(e)); });
  }

  void remember(const std::optional<bytes>& stored) {
    const auto now = parts.current();
    if (!stored || stored->empty() || former || !now->prepare) return;
    const auto kept = former::decode(*stored);
    if (!kept) return announce(kept.error().what);
    auto made = now->prepare(former::restored(now->told, now->profiles, *kept));
    if (!made) return announce("its former profile fits no more: " + made.error().what);
    former = std::move(*made);
    desk.former_open = true;
  }

  /// Reached by the profile in force: the way back is not needed any more.
  void give_up_former() {
    former = nullptr;
    desk.former_open = trial_due = false;
    auto with = std::make_shared<store::batch>();
    with->put_state(std::string(former::state_name), {});
    auto record = ledger::make(ledger::event::profile_changed, ledger::outcome::success, parts.current()->now(),
                               "the administrator was reached by its new profile; the former one is given up");
    record.destination = peer.peer.text();
    announce(record.text);
    ask(
        self, parts.ledger, record_budget, record_event{std::move(record), {}, std::move(with)},
        [](const event_recorded&) {}, [this](const error& e) { last_error = "not recorded: " + e.what; });
  }

  void try_new_address() {
    if (std::exchange(trial_due, false)) self->send(self, open_management{});
  }

  // --- the connection

  void wanted() {
    if (channel) {
      ++ignored;
      return;
    }
    attempts = 0;
    trial_failure.clear();
    dial();
  }

  [[nodiscard]] bool next_waits() const {
    const auto& s = parts.current()->succession;
    return s.waits && s.waits();
  }

  void dial() {
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

  [[nodiscard]] bool current() const {
    return channel && self->current_sender() == caf::actor_cast<caf::strong_actor_ptr>(channel);
  }

  void opened(const channel_opened& m) {
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

  // --- the gateway's own certificates that wait (TR-03109-4: in force once they have worked)

  void settle(bool worked) {
    failed_trials = 0;
    ask(
        self, parts.key_token, settle_budget, settle_certificates{worked},
        [this, worked](const certificates_settled& done) {
          const auto now = parts.current();
          announce(done.text);
          note(ledger::event::certificate_changed, worked ? ledger::outcome::success : ledger::outcome::failure,
               worked ? done.text : done.text + ": " + trial_failure);
          if (!worked || !now->prepare) return;
          auto after = now->prepare(now->told);
          if (after) return parts.apply(std::move(*after));
          last_error = "not in use before the next start: " + after.error().what;
          announce(last_error);
        },
        [this](const error& e) {
          last_error = "certificates not changed: " + e.what;
          announce(last_error);
        });
  }

  void lost(const std::string& why) {
    if (trial) trial_failure = why;
    trial = false;
  }

  void received(const channel_received& m) {
    if (!current() || !exchange) return;
    take(exchange->feed(m.data, self->clock().now()));
  }

  void closed(const channel_closed& m) {
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

  /// The administrator has asked for this connection: a few tries, then it wakes the gateway again.
  void again() {
    if (attempts >= (former ? 2 * management_attempts : management_attempts)) return;
    schedule::backoff pause(peer.retry, connection);
    for (unsigned i = 0; i < (attempts - 1) % management_attempts; ++i) (void)pause.failed();
    self->delayed_send(self, pause.failed(), wake{dial_again + (connection << 2)});
  }

  void hang_up() {
    if (channel) self->send(channel, channel_close{});
    drop();
  }

  void drop() {
    if (exchange) (void)exchange->dropped();
    exchange.reset();
    channel = nullptr;
    if (std::exchange(open, false) && !waited && next_waits()) try_next();
  }

  /// New certificates have come: nobody has to wake the gateway for them.
  void try_next() {
    attempts = 0;
    trial_failure.clear();
    self->delayed_send(self, trial_pause, wake{dial_again + (connection << 2)});
  }

  void timer(const wake& w) {
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

  // --- requests

  void take(http::server_exchange::output out) {
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

  void answer(std::uint64_t asked, http::response r) {
    if (r.status >= 400) ++refused;
    if (asked != connection || !exchange) return;
    auto out = exchange->respond(std::move(r), self->clock().now());
    if (out) return take(std::move(*out));
    // The exchange has answered 503 itself meanwhile; anything else is a header of ours that cannot be sent.
    if (out.error().code != errc::conflict) hang_up();
  }

  // --- for people and for the log

  void announce(const std::string& what) const { parts.current()->announce("administrator", what); }

  void note(ledger::event what, ledger::outcome outcome, std::string text) {
    auto record = ledger::make(what, outcome, parts.current()->now(), std::move(text));
    record.destination = peer.peer.text();
    ask(
        self, parts.ledger, record_budget, record_event{std::move(record), {}, nullptr}, [](const event_recorded&) {},
        [this](const error& e) { last_error = "not recorded: " + e.what; });
  }

  [[nodiscard]] status_report report() const {
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
};

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
