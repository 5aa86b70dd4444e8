// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

// The phases of an update, each on disk before anything follows from it, and the trial of what was started.
#include "actors/wan/firmware_loader.hpp"

#include "actors/ask.hpp"
#include "actors/metering/meter.hpp"
#include "actors/wan/firmware_core.hpp"

#include <utility>

namespace smgw {
namespace {

constexpr std::chrono::seconds record_budget{30};
/// How often a firmware on trial is looked at.
constexpr std::chrono::minutes trial_look{1};

}  // namespace

void firmware_core::start() {
  auto opened = parts.current()->open_slot();
  if (!opened) return self->quit(to_caf(opened.error()));
  slot = std::move(*opened);
  ask(
      self, parts.store, store_budget, read_state{std::string(firmware_state_name)},
      [this](const state_value& stored) { resume(firmware::decode(stored.value)); },
      [this](const error& e) { self->quit(to_caf(e)); });
}

void firmware_core::resume(firmware::progress stored) {
  at = std::move(stored);
  if (at.phase == firmware::phase::loading) return fetch();
  if (at.phase == firmware::phase::loaded) return verify();
  const auto state = slot->state();
  const bool trial = state && *state == slot_state::trial;
  if (at.phase == firmware::phase::activated) return take(trial ? firmware::step::start : firmware::step::give_up);
  if (at.phase != firmware::phase::trial) return;
  if (trial) return begin_trial();
  take(firmware::step::give_up);
}

void firmware_core::take(firmware::step by, after_step done) {
  auto to = firmware::next(at.phase, by);
  if (!to) return done(std::unexpected(to.error()));
  const auto before = std::exchange(at.phase, *to);
  auto with = std::make_shared<store::batch>();
  with->put_state(std::string(firmware_state_name), firmware::encode(at));
  ask(
      self, parts.ledger, record_budget, record_event{record_of(by), {}, std::move(with)},
      [this, done](const event_recorded&) {
        announce();
        follow();
        done({});
      },
      [this, done, before](const error& e) {
        at.phase = before;
        last_error = "not recorded: " + e.what;
        done(std::unexpected(e));
      });
}

ledger::record firmware_core::record_of(firmware::step by) const {
  using enum firmware::step;
  const bool bad = by == mismatch || by == give_up;
  const auto event = by == order || by == arrive || by == abandon ? ledger::event::firmware_downloaded
                     : by == match || by == mismatch              ? ledger::event::firmware_verified
                                                                  : ledger::event::firmware_activated;
  return ledger::make(event, bad ? ledger::outcome::failure : ledger::outcome::success, parts.current()->now(),
                      "firmware " + text());
}

void firmware_core::follow() {
  switch (at.phase) {
    case firmware::phase::loading: return fetch();
    case firmware::phase::loaded: return verify();
    case firmware::phase::trial: return begin_trial();
    default: break;
  }
}

void firmware_core::begin_trial() {
  trial_left = trial_time;
  watch_trial();
}

void firmware_core::watch_trial() { self->delayed_send(self, trial_look, wake{trial_over}); }

void firmware_core::look_at_trial() {
  if (at.phase != firmware::phase::trial) return;
  const auto state = slot->state();
  if (state && *state != slot_state::trial) return take(firmware::step::confirm);
  trial_left -= trial_look;
  if (trial_left > trial_left.zero()) return watch_trial();
  last_error = "not confirmed in time";
  if (auto back = slot->roll_back(); !back) last_error = back.error().what;
  take(firmware::step::give_up);
}

void firmware_core::timer(const wake& w) {
  if (w.round == trial_over) return look_at_trial();
  if (w.round >> 2 != round || at.phase != firmware::phase::loading) return;
  if ((w.round & 3) == fetch_again) return fetch();
  failed({errc::expired, "no answer within the time limit"});
}

void firmware_core::announce() const { parts.current()->announce("firmware", text()); }

std::string firmware_core::text() const {
  return (at.image ? at.image->version.text() + " " : std::string()) + std::string(to_string(at.phase)) +
         (last_error.empty() ? "" : " (" + last_error + ")");
}

status_report firmware_core::report() const {
  const auto have = slot->size();
  return {"firmware",
          {{"running", parts.current()->firmware_version},
           {"update", text()},
           {"octets fetched", have ? static_cast<std::int64_t>(*have) : std::int64_t{0}},
           {"last error", last_error}}};
}

firmware_actor::behavior_type firmware_loader(firmware_actor::stateful_pointer<firmware_state> self,
                                              firmware_parts parts) {
  guard(self);
  self->state.core = std::make_shared<firmware_core>(self, std::move(parts));
  auto* core = self->state.core.get();
  core->start();
  return {
      [core](const order_firmware& m) { return core->order(m); },
      [core](const query_firmware&) { return firmware_report{core->text()}; },
      [core](const channel_opened&) { core->opened(); },
      [core](const channel_received& m) { core->received(m); },
      [core](const channel_closed& m) { core->closed(m); },
      [core](const query_status&) { return core->report(); },
      [core](const wake& w) { core->timer(w); },
  };
}

}  // namespace smgw
