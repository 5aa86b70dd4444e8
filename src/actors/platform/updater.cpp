// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "actors/platform/updater.hpp"

#include "actors/ask.hpp"
#include "actors/platform/status_board.hpp"
#include "actors/platform/watchdog_feeder.hpp"
#include "actors/reply_slot.hpp"
#include "base/check.hpp"

namespace smgw {
namespace {

constexpr std::chrono::seconds record_budget{10};

/// Reads the source to its end into the slot; the version of what is staged.
expected<std::string> copy(const stage_firmware& m, ports::update_slot& slot) {
  SMGW_CHECK(slot.begin(m.size));
  for (std::uint64_t left = m.size; left > 0;) {
    SMGW_TRY(const auto piece, m.next());
    if (piece.empty()) break;
    if (piece.size() > left) return fail(errc::exhausted, "the image is longer than announced");
    SMGW_CHECK(slot.write(piece));
    left -= piece.size();
  }
  return slot.finish();
}

}  // namespace

struct updater_core {
  using pointer = updater_actor::stateful_pointer<updater_state>;
  updater_core(pointer actor, updater_parts given) : self(actor), parts(std::move(given)) {}

  pointer self;
  updater_parts parts;
  std::int64_t staged = 0, refused = 0;
  bool confirmed = false;

  template <class Reply>
  caf::result<Reply> record(ledger::event what, const expected<void>& outcome, std::string text, Reply reply) {
    if (!outcome) text += ": " + outcome.error().what;
    parts.announce("update", text);
    auto owed = std::make_shared<reply_slot<Reply>>(self);
    auto record = ledger::make(what, outcome ? ledger::outcome::success : ledger::outcome::failure, parts.now(), text);
    ask(
        self, parts.ledger, record_budget, record_event{std::move(record), {}, nullptr},
        [owed, outcome, reply = std::move(reply)](const event_recorded&) mutable {
          outcome ? owed->deliver(std::move(reply)) : owed->fail(outcome.error());
        },
        [owed](const error& e) { owed->fail(e); });
    return owed->later();
  }

  caf::result<firmware_staged> stage(const stage_firmware& m) {
    auto version = copy(m, *parts.slot);
    ++(version ? staged : refused);
    const expected<void> outcome = version ? expected<void>{} : std::unexpected(version.error());
    return record(ledger::event::firmware_verified, outcome,
                  version ? "firmware " + *version + " staged" : "firmware not staged",
                  firmware_staged{version.value_or("")});
  }

  caf::result<firmware_activated> activate() {
    const auto done = parts.slot->activate();
    return record(ledger::event::firmware_activated, done,
                  done ? "the staged firmware starts next time, on trial" : "firmware not activated",
                  firmware_activated{});
  }

  /// A firmware on trial that has come up with everyone answering is good.
  void examine() {
    const auto state = parts.slot->inspect();
    if (!state) return again("the slots do not say how they are: " + state.error().what);
    confirmed = state->confirmed;
    if (confirmed) return;
    ask(
        self, parts.status, report_budget + std::chrono::seconds{1}, query_status{},
        [this](const gateway_status& s) { all_answered(s) ? confirm() : again("not everyone answers"); },
        [this](const error& e) { again(e.what); });
  }

  void again(const std::string& why) {
    parts.announce("update", "firmware still on trial: " + why);
    self->delayed_send(self, probation, wake{});
  }

  void confirm() {
    const auto done = parts.slot->confirm();
    if (!done) return again(done.error().what);
    confirmed = true;
    parts.announce("update", "the firmware has proved itself and stays");
    auto record = ledger::make(ledger::event::firmware_activated, ledger::outcome::success, parts.now(),
                               "the firmware has proved itself and stays");
    ask(
        self, parts.ledger, record_budget, record_event{std::move(record), {}, nullptr}, [](const event_recorded&) {},
        [this](const error& e) { parts.announce("update", "not recorded: " + e.what); });
  }

  [[nodiscard]] status_report report() const {
    return {"update", {{"state", confirmed ? "confirmed" : "on trial"}, {"staged", staged}, {"refused", refused}}};
  }
};

updater_actor::behavior_type updater(updater_actor::stateful_pointer<updater_state> self, updater_parts parts) {
  guard(self);
  self->state.core = std::make_shared<updater_core>(self, std::move(parts));
  auto* core = self->state.core.get();
  self->delayed_send(self, probation, wake{});
  return {
      [core](const stage_firmware& m) { return core->stage(m); },
      [core](const activate_firmware&) { return core->activate(); },
      [core](const inspect_firmware&) { return answer(core->parts.slot->inspect()); },
      [core](const query_status&) { return core->report(); },
      [core](const wake&) { core->examine(); },
  };
}

}  // namespace smgw
