// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

// What has been told is tried before it counts: another address of the administrator, and the gateway's own new
// certificates. A mistake in either would otherwise be the last thing a gateway is ever told.
#include "actors/ask.hpp"
#include "actors/metering/meter.hpp"
#include "actors/wan/administrator_core.hpp"
#include "actors/wan/former_administrator.hpp"

#include <utility>

namespace smgw {
namespace {

constexpr std::chrono::seconds settle_budget{60};
/// A moment after the connection over which certificates came, they are tried.
constexpr std::chrono::milliseconds trial_pause{1'000};

}  // namespace

void administrator_core::start() {
  desk.administrator_moved = [this](std::shared_ptr<const tree_parts> before) {
    former = std::move(before);
    trial_due = true;
  };
  ask(
      self, parts.store, store_budget, read_state{std::string(former::state_name)},
      [this](const state_value& stored) { remember(stored.value); }, [this](const error& e) { self->quit(to_caf(e)); });
}

void administrator_core::remember(const std::optional<bytes>& stored) {
  const auto now = parts.current();
  if (!stored || stored->empty() || former || !now->prepare) return;
  const auto kept = former::decode(*stored);
  if (!kept) return announce(kept.error().what);
  auto made = now->prepare(former::restored(now->told, now->profiles, *kept));
  if (!made) return announce("its former profile fits no more: " + made.error().what);
  former = std::move(*made);
  desk.former_open = true;
}

void administrator_core::give_up_former() {
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

void administrator_core::try_new_address() {
  if (std::exchange(trial_due, false)) self->send(self, open_management{});
}

bool administrator_core::next_waits() const {
  const auto& s = parts.current()->succession;
  return s.waits && s.waits();
}

void administrator_core::try_next() {
  attempts = 0;
  trial_failure.clear();
  self->delayed_send(self, trial_pause, wake{dial_again + (connection << 2)});
}

void administrator_core::settle(bool worked) {
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

void administrator_core::lost(const std::string& why) {
  if (trial) trial_failure = why;
  trial = false;
}

}  // namespace smgw
