// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "actors/foundation/ledger.hpp"

#include "actors/ask.hpp"
#include "actors/foundation/log_alarms.hpp"
#include "actors/foundation/log_batch.hpp"
#include "actors/foundation/log_begin.hpp"
#include "actors/foundation/log_checkpoints.hpp"
#include "actors/foundation/log_verification.hpp"
#include "actors/metering/meter.hpp"
#include "actors/reply_slot.hpp"

#include <algorithm>
#include <deque>

namespace smgw {
namespace {

constexpr std::size_t max_joined = 128;
constexpr std::uint64_t flush_repeats = 1;

}  // namespace

struct ledger_core {
  struct waiting {
    record_event event;
    reply_slot<event_recorded> owed;
  };

  ledger_core(ledger_pointer actor, ledger_parts given) : self(actor), parts(std::move(given)) {}

  ledger_pointer self;
  ledger_parts parts;
  log_heads heads;
  log_room room{self, parts};
  log_alarms alarms{self, parts};
  log_checkpoints checkpoints{self, parts, heads};
  std::deque<waiting> queue;
  ledger::repeat_filter repeats;  ///< of the system log
  bool busy = false;              ///< a commit, or the reading of a head, is on its way
  std::int64_t records = 0, commits = 0;

  caf::result<event_recorded> enqueue(const record_event& m) {
    queue.push_back({m, reply_slot<event_recorded>(self)});
    const auto promised = queue.back().owed.later();
    work();
    return promised;
  }

  // --- the heads of the logs it goes to

  void work() {
    if (busy || queue.empty()) return;
    for (const auto& w : queue)
      for (const auto& log : logs_of(w.event))
        if (!heads.contains(log)) return load_head(log);
    write();
  }

  void load_head(const std::string& log) {
    busy = true;
    ask(
        self, parts.store, store_budget, read_last_record{log},
        [this, log](const record_page& page) {
          auto head = ledger::begin(*log_of(log), chain_hash());
          if (!page.records.empty()) {
            const auto last = ledger::decode_stored(page.records.back().content);
            if (!last)
              return self->quit(to_caf({errc::untrusted, "the newest record of log " + log + " cannot be read"}));
            head.last = last->value.number;
            head.hash = last->hash;
          }
          heads.emplace(log, head);
          load_begin(log);
        },
        [this](const error& e) { self->quit(to_caf(e)); });
  }

  void load_begin(const std::string& log) {
    read_begin(
        self, parts.store, log,
        [this, log](const ledger::head& begin) {
          room.begins(log, begin);
          busy = false;
          work();
        },
        [this](const error& e) { self->quit(to_caf(e)); });
  }

  // --- writing: all that waits, in one commit

  void write() {
    std::vector<waiting> now;
    while (!queue.empty() && now.size() < max_joined) {
      now.push_back(std::move(queue.front()));
      queue.pop_front();
    }
    log_batch batch(heads, room);
    for (auto& w : now)
      if (auto done = batch.add(w.event, repeats); !done) {
        if (w.owed) w.owed.fail(done.error());
        return self->quit(to_caf(done.error()));
      }
    if (batch.changes()->empty()) {
      for (auto& w : now) deliver(w);
      arm_repeats();
      return;
    }
    store_it(batch, std::move(now));
  }

  void store_it(const log_batch& batch, std::vector<waiting> now) {
    batch.changes()->use_reserve();
    busy = true;
    auto shared = std::make_shared<std::vector<waiting>>(std::move(now));
    ask(
        self, parts.store, store_budget, commit{batch.changes()},
        [this, fresh = batch.fresh(), shared](const committed&) {
          for (const auto& [log, head] : fresh) {
            records += head.last - heads.at(log).last;
            heads[log] = head;
          }
          ++commits;
          busy = false;
          for (auto& w : *shared) {
            deliver(w);
            alarms.remember(w.event.what);
          }
          alarms.raise();
          if (auto told = room.look(heads)) queue.push_back({{*std::move(told), {}, nullptr}, {}});
          arm_repeats();
          checkpoints.look();
          work();
        },
        [this, shared](const error& e) {
          busy = false;
          for (auto& w : *shared)
            if (w.owed) w.owed.fail(e);
          work();
        });
  }

  /// The ledger's own events have nobody who waits.
  static void deliver(const waiting& w) {
    if (w.owed) w.owed.deliver(event_recorded{});
  }

  void arm_repeats() {
    if (const auto next = repeats.next_deadline())
      self->delayed_send(self, std::max(*next - parts.now(), std::chrono::milliseconds{1}), wake{flush_repeats});
  }

  void woken(const wake& w) {
    switch (w.round) {
      case log_alarms::raise_again: return alarms.raise();
      case log_checkpoints::sign_again: return checkpoints.pause_over();
      default: flush();
    }
  }

  void flush() {
    if (busy) {
      self->delayed_send(self, std::chrono::seconds{1}, wake{flush_repeats});
      return;
    }
    const auto held = repeats.flush(parts.now());
    if (!held || !heads.contains("system")) return;
    log_batch batch(heads, room);
    if (auto done = batch.chain("system", *held); !done) return self->quit(to_caf(done.error()));
    store_it(batch, {});
  }

  [[nodiscard]] status_report report() const {
    status_report r{"ledger",
                    {{"records written", records},
                     {"commits", commits},
                     {"checkpoints", checkpoints.made()},
                     {"alarms", alarms.raised()}}};
    for (const auto& [log, head] : heads) r.fields.emplace_back("records in " + log, std::int64_t{head.last});
    return r;
  }
};

ledger_actor::behavior_type ledger_keeper(ledger_actor::stateful_pointer<ledger_state> self, ledger_parts parts) {
  guard(self);
  self->state.core = std::make_shared<ledger_core>(self, std::move(parts));
  auto* core = self->state.core.get();
  return {
      [core](const record_event& m) { return core->enqueue(m); },
      [core](const verify_logs&) {
        return std::make_shared<log_verification>(core->self, core->parts, core->heads)->run();
      },
      [core](const query_status&) { return core->report(); },
      [core](const wake& w) { core->woken(w); },
  };
}

}  // namespace smgw
