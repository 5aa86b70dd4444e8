// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "actors/foundation/ledger.hpp"

#include "actors/ask.hpp"
#include "actors/metering/meter.hpp"
#include "actors/reply_slot.hpp"
#include "crypto/hash.hpp"
#include "domain/ledger/checkpoint.hpp"
#include "domain/ledger/repeats.hpp"
#include "domain/ledger/room.hpp"

#include <deque>
#include <map>

namespace smgw {
namespace {

constexpr std::size_t max_joined = 128;
constexpr std::size_t verify_page = 256;
constexpr std::chrono::seconds sign_budget{60};
constexpr std::string_view calibration = "calibration";
constexpr std::string_view consumer_prefix = "consumer/";
constexpr std::uint64_t flush_repeats = 1, raise_again = 2;
/// Alarms that wait until the outbox is there; a gateway that has more of them has told enough.
constexpr std::size_t max_alarms = 64;
constexpr std::chrono::seconds alarm_pause{2};

}  // namespace

std::string log_name(const ledger::log_id& log) {
  switch (log.kind) {
    case ledger::log_kind::system: return "system";
    case ledger::log_kind::calibration: return "calibration";
    case ledger::log_kind::consumer: return std::string(consumer_prefix) + log.consumer;
  }
  return "system";
}

std::optional<ledger::log_id> log_of(std::string_view name) {
  if (name == "system") return ledger::log_id{ledger::log_kind::system, {}};
  if (name == "calibration") return ledger::log_id{ledger::log_kind::calibration, {}};
  if (name.starts_with(consumer_prefix))
    return ledger::log_id{ledger::log_kind::consumer, std::string(name.substr(consumer_prefix.size()))};
  return std::nullopt;
}

std::string begin_name(std::string_view log) { return "log-begin/" + std::string(log); }

ledger::hash_function chain_hash() {
  return [](bytes_view data) { return crypto::sha256(data); };
}

struct ledger_core {
  using pointer = ledger_actor::stateful_pointer<ledger_state>;
  struct waiting {
    record_event event;
    reply_slot<event_recorded> owed;
  };

  ledger_core(pointer actor, ledger_parts given) : self(actor), parts(std::move(given)) {}

  pointer self;
  ledger_parts parts;
  ledger::hash_function hash = chain_hash();
  std::map<std::string, ledger::head> heads;
  std::map<std::string, ledger::head> begins;  ///< the newest record that was cut off
  bool trimming = false;                       ///< one log at a time
  bool alarmed = false, full = false;          ///< of the calibration log
  std::map<std::string, std::optional<ledger::checkpoint>> checkpoints;
  std::deque<waiting> queue;
  ledger::repeat_filter repeats;  ///< of the system log
  bool busy = false;              ///< a commit, or the reading of a head, is on its way
  std::deque<ledger::record> alarms;
  std::int64_t records = 0, commits = 0, alarms_raised = 0;

  caf::result<event_recorded> enqueue(const record_event& m) {
    queue.push_back({m, reply_slot<event_recorded>(self)});
    const auto promised = queue.back().owed.later();
    work();
    return promised;
  }

  // --- which logs an event goes to, and their heads

  [[nodiscard]] static std::vector<std::string> logs_of(const record_event& m) {
    std::vector<std::string> logs;
    const auto* kind = ledger::find(m.what.id);
    if (kind == nullptr || kind->system) logs.push_back(log_name({ledger::log_kind::system, {}}));
    if (kind != nullptr && kind->calibration) logs.push_back(log_name({ledger::log_kind::calibration, {}}));
    if (kind != nullptr && kind->consumer)
      for (const auto& c : m.consumers) logs.push_back(log_name({ledger::log_kind::consumer, c}));
    return logs;
  }

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
          auto head = ledger::begin(*log_of(log), hash);
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
        log,
        [this, log](const ledger::head& begin) {
          begins[log] = begin;
          busy = false;
          work();
        },
        [this](const error& e) { self->quit(to_caf(e)); });
  }

  template <class Ok, class Failed>
  void read_begin(const std::string& log, Ok ok, Failed failed) {
    ask(
        self, parts.store, store_budget, read_state{begin_name(log)},
        [this, log, ok, failed](const state_value& v) mutable {
          if (!v.value) return ok(ledger::begin(*log_of(log), hash));
          auto begin = ledger::decode_begin(*v.value, *log_of(log));
          begin ? ok(*begin) : failed(begin.error());
        },
        failed);
  }

  // --- room: the oldest go, but never from the calibration log

  [[nodiscard]] ledger::fill fill_of(const std::string& log, std::uint32_t last) const {
    return ledger::judge_fill(log_of(log)->kind, parts.bounds, begins.at(log).last + 1, last);
  }

  /// Whether a log takes one more record.
  [[nodiscard]] bool takes(const std::string& log, std::uint32_t last) {
    const auto level = log == calibration ? fill_of(log, last) : ledger::fill::room;
    if (level != ledger::fill::full) return true;
    if (!full) parts.announce("ledger", "the calibration log is full: the gateway stops measuring");
    full = true;
    parts.conditions->raise(state::condition::log_storage, parts.now());
    return false;
  }

  void look_for_room() {
    for (const auto& [log, head] : heads) {
      const auto level = fill_of(log, head.last);
      if (level == ledger::fill::trim && !trimming) trim(log, head.last);
      if (level == ledger::fill::alarm && !std::exchange(alarmed, true)) alarm(head.last);
    }
  }

  void alarm(std::uint32_t last) {
    parts.announce("ledger", "the calibration log is nearly full");
    record_event m{ledger::make(ledger::event::storage_threshold, ledger::outcome::failure, parts.now(),
                                "the calibration log has " + std::to_string(last) + " of " +
                                    std::to_string(parts.bounds.calibration_entries) + " records"),
                   {},
                   nullptr};
    queue.push_back({std::move(m), {}});
  }

  void trim(const std::string& log, std::uint32_t last) {
    const auto id = *log_of(log);
    const auto up_to = ledger::trim_to(id.kind, parts.bounds, last);
    if (up_to <= begins.at(log).last) return;
    trimming = true;
    ask(
        self, parts.store, store_budget, read_records{log, up_to, 1},
        [this, log, id, up_to, last](const record_page& page) {
          trimming = false;
          const auto newest = page.records.empty() ? fail(errc::untrusted, "a record is missing")
                                                   : ledger::decode_stored(page.records.front().content);
          if (!newest) return parts.announce("ledger", log + " is not cut: " + newest.error().what);
          if (!ledger::may_go(id.kind, parts.bounds, newest->value, begins.at(log).last + 1, last, parts.now())) return;
          cut(log, {id, up_to, newest->hash});
        },
        [this](const error& e) {
          trimming = false;
          parts.announce("ledger", "not cut: " + e.what);
        });
  }

  void cut(const std::string& log, const ledger::head& begin) {
    auto changes = std::make_shared<store::batch>();
    changes->truncate_log(log, begin.last).put_state(begin_name(log), ledger::encode_begin(begin)).use_reserve();
    trimming = true;
    ask(
        self, parts.store, store_budget, commit{std::move(changes)},
        [this, log, begin](const committed&) {
          trimming = false;
          begins[log] = begin;
        },
        [this](const error& e) {
          trimming = false;
          parts.announce("ledger", "not cut: " + e.what);
        });
  }

  // --- writing: all that waits, in one commit

  /// Chains one record to a log; the new head counts only once the commit is done.
  expected<void> chain(store::batch& changes, std::map<std::string, ledger::head>& fresh, const std::string& log,
                       const ledger::record& r) {
    auto& head = fresh.try_emplace(log, heads.at(log)).first->second;
    if (!takes(log, head.last)) return {};
    auto done = ledger::append(head, r, hash);
    if (!done) return std::unexpected(done.error());
    head = done->next;
    changes.append_record(log, head.last, std::move(done->stored));
    return {};
  }

  expected<void> add(store::batch& changes, std::map<std::string, ledger::head>& fresh, const record_event& m) {
    if (m.with) changes.add(*m.with);
    for (const auto& log : logs_of(m)) {
      const bool may_collapse = log == "system" && !m.with;
      if (!may_collapse) {
        if (auto done = chain(changes, fresh, log, m.what); !done) return done;
        continue;
      }
      for (const auto& r : repeats.offer(m.what))
        if (auto done = chain(changes, fresh, log, r); !done) return done;
    }
    return {};
  }

  void write() {
    std::vector<waiting> now;
    while (!queue.empty() && now.size() < max_joined) {
      now.push_back(std::move(queue.front()));
      queue.pop_front();
    }
    auto changes = std::make_shared<store::batch>();
    std::map<std::string, ledger::head> fresh;
    for (auto& w : now)
      if (auto done = add(*changes, fresh, w.event); !done) {
        if (w.owed) w.owed.fail(done.error());
        return self->quit(to_caf(done.error()));
      }
    if (changes->empty()) {
      for (auto& w : now) deliver(w);
      arm_repeats();
      return;
    }
    store_it(std::move(changes), fresh, std::move(now));
  }

  void store_it(std::shared_ptr<store::batch> changes, const std::map<std::string, ledger::head>& fresh,
                std::vector<waiting> now) {
    changes->use_reserve();
    busy = true;
    auto shared = std::make_shared<std::vector<waiting>>(std::move(now));
    ask(
        self, parts.store, store_budget, commit{std::move(changes)},
        [this, fresh, shared](const committed&) {
          for (const auto& [log, head] : fresh) {
            records += head.last - heads.at(log).last;
            heads[log] = head;
          }
          ++commits;
          busy = false;
          for (auto& w : *shared) {
            deliver(w);
            remember_alarm(w.event.what);
          }
          raise();
          look_for_room();
          arm_repeats();
          checkpoint_due();
          work();
        },
        [this, shared](const error& e) {
          busy = false;
          for (auto& w : *shared)
            if (w.owed) w.owed.fail(e);
          work();
        });
  }

  // --- alarms, once the record is on disk

  void remember_alarm(const ledger::record& r) {
    if (parts.raise && ledger::raises_alarm(r.id, r.outcome) && alarms.size() < max_alarms) alarms.push_back(r);
  }

  void raise() {
    while (!alarms.empty() && parts.raise(alarms.front())) {
      alarms.pop_front();
      ++alarms_raised;
    }
    if (!alarms.empty()) self->delayed_send(self, alarm_pause, wake{raise_again});
  }

  /// The ledger's own events have nobody who waits.
  static void deliver(const waiting& w) {
    if (w.owed) w.owed.deliver(event_recorded{});
  }

  void arm_repeats() {
    if (const auto next = repeats.next_deadline())
      self->delayed_send(self, std::max(*next - parts.now(), std::chrono::milliseconds{1}), wake{flush_repeats});
  }

  void timer() {
    if (busy) {
      self->delayed_send(self, std::chrono::seconds{1}, wake{flush_repeats});
      return;
    }
    const auto held = repeats.flush(parts.now());
    if (!held || !heads.contains("system")) return;
    auto changes = std::make_shared<store::batch>();
    std::map<std::string, ledger::head> fresh;
    if (auto done = chain(*changes, fresh, "system", *held); !done) return self->quit(to_caf(done.error()));
    store_it(std::move(changes), std::move(fresh), {});
  }

  // --- signed checkpoints

  void checkpoint_due() {
    for (const auto& [log, head] : heads)
      if (ledger::checkpoint_due(head, checkpoints[log], parts.now())) sign(log, head);
  }

  void sign(const std::string& log, const ledger::head& head) {
    const auto now = parts.now();
    checkpoints[log] = ledger::checkpoint{head, now, {}};  // not asked for again while the module works
    const auto digest = crypto::sha256(ledger::to_be_signed(head, now));
    ask(
        self, parts.key_token, sign_budget, sign_digest{bytes(digest.begin(), digest.end())},
        [this, log, head, now](const digest_signature& s) {
          auto changes = std::make_shared<store::batch>();
          changes->put_state("checkpoint/" + log, ledger::encode({head, now, s.signature})).use_reserve();
          ask(
              self, parts.store, store_budget, commit{std::move(changes)}, [](const committed&) {},
              [this](const error& e) { parts.announce("ledger", "checkpoint not stored: " + e.what); });
        },
        [this](const error& e) { parts.announce("ledger", "checkpoint not signed: " + e.what); });
  }

  // --- verification, page by page

  struct verification {
    reply_slot<log_verdict> owed;
    log_verdict verdict;
    std::vector<std::pair<std::string, ledger::head>> logs;  ///< with the head each must end at
    std::size_t at = 0;
    ledger::head reached;
    std::uint32_t first = 1;
  };

  caf::result<log_verdict> verify() {
    auto v = std::make_shared<verification>();
    v->owed = reply_slot<log_verdict>(self);
    const auto promised = v->owed.later();
    ask(
        self, parts.store, store_budget, read_logs{},
        [this, v](const log_names& stored) {
          for (const auto& log : stored.names) {
            const auto id = log_of(log);
            if (!id) continue;
            const auto known = heads.find(log);
            v->logs.emplace_back(log, known != heads.end() ? known->second : ledger::begin(*id, hash));
          }
          next_log(v);
        },
        [v](const error& e) { v->owed.fail(e); });
    return promised;
  }

  void next_log(const std::shared_ptr<verification>& v) {
    if (v->at == v->logs.size()) return v->owed.deliver(std::move(v->verdict));
    read_begin(
        v->logs[v->at].first,
        [this, v](const ledger::head& begin) {
          v->reached = begin;
          v->first = begin.last + 1;
          next_page(v);
        },
        [v](const error& e) { v->owed.fail(e); });
  }

  void next_page(const std::shared_ptr<verification>& v) {
    ask(
        self, parts.store, store_budget, read_records{v->logs[v->at].first, v->reached.last + 1, verify_page},
        [this, v](const record_page& page) { check_page(v, page); }, [v](const error& e) mutable { v->owed.fail(e); });
  }

  void check_page(const std::shared_ptr<verification>& v, const record_page& page) {
    const auto& [log, end] = v->logs[v->at];
    std::size_t i = 0;
    const auto read = [&]() -> std::optional<ledger::keyed> {
      if (i == page.records.size()) return std::nullopt;
      const auto& r = page.records[i++];
      return ledger::keyed{static_cast<std::uint32_t>(r.number), r.content};
    };
    const auto fault = ledger::verify(v->reached, std::nullopt, read, hash);
    if (fault)
      return doubt(v, log + ": record " + std::to_string(fault->number) + " is " + std::string(to_string(fault->kind)));
    if (!page.records.empty()) {
      const auto last = ledger::decode_stored(page.records.back().content);
      v->reached.last = last->value.number;
      v->reached.hash = last->hash;
    }
    if (page.records.size() == verify_page && v->reached.last < end.last) return next_page(v);
    if (v->reached.last < end.last)
      return conclude(v, log + ": record " + std::to_string(v->reached.last + 1) + " is missing", false);
    conclude(v,
             log + ": verified, " + std::to_string(v->reached.last + 1 - v->first) + " records" +
                 (v->first > 1 ? " from number " + std::to_string(v->first) + " on" : ""),
             true);
  }

  /// While pages were read the oldest records may have been cut off: then this log is verified from its new beginning.
  void doubt(const std::shared_ptr<verification>& v, std::string line) {
    read_begin(
        v->logs[v->at].first,
        [this, v, line](const ledger::head& begin) {
          if (begin.last + 1 != v->first) return next_log(v);
          conclude(v, line, false);
        },
        [v](const error& e) { v->owed.fail(e); });
  }

  void conclude(const std::shared_ptr<verification>& v, std::string line, bool good) {
    v->verdict.whole = v->verdict.whole && good;
    v->verdict.lines.push_back(std::move(line));
    ++v->at;
    next_log(v);
  }

  [[nodiscard]] status_report report() const {
    status_report r{"ledger", {{"records written", records}, {"commits", commits}, {"alarms", alarms_raised}}};
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
      [core](const verify_logs&) { return core->verify(); },
      [core](const query_status&) { return core->report(); },
      [core](const wake& w) { w.round == raise_again ? core->raise() : core->timer(); },
  };
}

}  // namespace smgw
