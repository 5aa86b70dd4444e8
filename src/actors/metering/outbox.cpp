// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "actors/metering/outbox.hpp"

#include "actors/ask.hpp"
#include "actors/metering/meter.hpp"
#include "actors/reply_slot.hpp"
#include "actors/wan/market.hpp"
#include "base/check.hpp"
#include "base/octets.hpp"

namespace smgw {
namespace {

constexpr std::string_view values_kind = "values";
constexpr std::chrono::seconds ledger_budget{60};
constexpr std::chrono::seconds refused_pause{60};

void put_text(bytes& out, std::string_view text) {
  put_be(out, static_cast<std::uint16_t>(text.size()));
  put(out, text);
}
expected<std::string> take_text(bytes_view& in) {
  SMGW_TRY(const auto size, take_be<std::uint16_t>(in));
  SMGW_TRY(const auto text, take(in, size));
  return std::string(as_text(text));
}

/// What comes back with the item besides its content: number of values(4), consumer, target and correlation, each with
/// its length(2) before it, and whether it is JSON(1).
bytes encode_context(const submit::delivery& d) {
  bytes context;
  put_be(context, d.values);
  for (const auto* text : {&d.consumer, &d.target, &d.correlation}) put_text(context, *text);
  context.push_back(d.json ? 1 : 0);
  return context;
}

expected<submit::delivery> decode_item(const store::outbox_item& item) {
  submit::delivery d{.recipient = item.recipient,
                     .consumer = {},
                     .description = item.description,
                     .values = 0,
                     .not_before = item.not_before,
                     .content = item.content};
  bytes_view context{item.context};
  SMGW_TRY(d.values, take_be<std::uint32_t>(context));
  for (auto* text : {&d.consumer, &d.target, &d.correlation}) {
    SMGW_TRY(*text, take_text(context));
  }
  SMGW_TRY(const auto json, take_be<std::uint8_t>(context));
  d.json = json != 0;
  return d;
}

}  // namespace

struct outbox_core {
  using pointer = outbox_actor::stateful_pointer<outbox_state>;

  outbox_core(pointer actor, outbox_parts given) : self(actor), parts(std::move(given)) {}

  pointer self;
  outbox_parts parts;
  struct question {
    reply_slot<due_delivery> owed;
    std::uint64_t round = 0;  ///< of the timer that ends the wait
  };
  std::map<std::string, question> waiting;                ///< by recipient
  std::map<std::uint64_t, due_delivery::item> under_way;  ///< handed out, outcome not yet recorded
  std::map<std::string, store::outbox_count> counts;
  std::uint64_t round = 0;
  std::int64_t queued = 0, acknowledged = 0, values_acknowledged = 0, set_aside = 0;

  caf::result<submitted> take(const submit& m) {
    auto changes = std::make_shared<store::batch>();
    if (m.with) changes->add(*m.with);
    for (const auto& d : m.deliveries)
      changes->enqueue({.recipient = d.recipient,
                        .kind = std::string(values_kind),
                        .created = parts.now(),
                        .not_before = d.not_before,
                        .priority = 0,
                        .description = d.description,
                        .context = encode_context(d),
                        .content = d.content});
    reply_slot<submitted> owed(self);
    const auto promised = owed.later();
    ask(
        self, parts.store, store_budget, commit{std::move(changes)},
        [this, owed, n = m.deliveries.size()](const committed&) mutable {
          queued += static_cast<std::int64_t>(n);
          owed.deliver(submitted{});
          if (n != 0) look_for_all();
        },
        [owed](const error& e) mutable { owed.fail(e); });
    return promised;
  }

  // --- who waits for what

  caf::result<due_delivery> wait(const await_delivery& m) {
    auto& asked = waiting[m.recipient];
    if (asked.owed) asked.owed.deliver(due_delivery{});  // asked anew: the older question is void
    asked = {reply_slot<due_delivery>(self), ++round};
    const auto promised = asked.owed.later();
    self->delayed_send(self, delivery_wait, wake{round});
    look(m.recipient);
    return promised;
  }

  void look_for_all() {
    for (const auto& [recipient, asked] : waiting)
      if (asked.owed) look(recipient);
  }

  void look(const std::string& recipient) {
    // In a secure state nothing leaves but what tells the administrator of it; whoever waits asks again.
    const auto allowed = parts.conditions->allowed();
    if (!(recipient == parts.administrator ? allowed.administer : allowed.deliver)) return;
    ask(
        self, parts.store, store_budget, read_due{recipient, parts.now()},
        [this, recipient](const due_item& due) { found(recipient, due); },
        [this](const error& e) { self->quit(to_caf(e)); });
  }

  void found(const std::string& recipient, const due_item& due) {
    counts[recipient] = due.waiting;
    auto& slot = waiting[recipient].owed;
    if (!slot) return;
    if (!due.next) {
      if (due.waiting.next_try)
        self->delayed_send(self, std::max(*due.waiting.next_try - parts.now(), std::chrono::milliseconds{1}), wake{});
      return;
    }
    auto what = decode_item(due.next->item);
    if (!what) return self->quit(to_caf(what.error()));
    due_delivery::item item{due.next->sequence, due.next->attempts, std::move(*what)};
    under_way[item.number] = item;
    slot.deliver(due_delivery{std::move(item)});
  }

  /// Someone's time has come, or the wait for something is over: whoever asks again gets a fresh answer.
  void timer(const wake& w) {
    if (w.round == 0) return look_for_all();
    for (auto& [recipient, asked] : waiting)
      if (asked.round == w.round && asked.owed) asked.owed.deliver(due_delivery{});
  }

  // --- outcomes

  caf::result<outcome_recorded> record(const delivery_outcome& m) {
    const auto known = under_way.find(m.number);
    if (known == under_way.end()) return to_caf({errc::conflict, "no such delivery is under way"});
    const auto item = known->second;
    reply_slot<outcome_recorded> owed(self);
    const auto promised = owed.later();
    if (m.failed) {
      failed(item, m, owed);
    } else {
      done(item, m, owed);
    }
    return promised;
  }

  void done(const due_delivery::item& item, const delivery_outcome& m, const reply_slot<outcome_recorded>& owed) {
    auto with = std::make_shared<store::batch>();
    with->done(item.number);
    auto record =
        ledger::make(ledger::event::values_sent, ledger::outcome::success, parts.now(), item.what.description);
    record.destination = m.destination;
    record.user = item.what.consumer;
    std::vector<std::string> consumers;
    if (!item.what.consumer.empty()) consumers.push_back(item.what.consumer);  // alarms and logs are nobody's values
    finish({std::move(record), std::move(consumers), std::move(with)}, owed, [this, item] {
      under_way.erase(item.number);
      ++acknowledged;
      values_acknowledged += item.what.values;
    });
  }

  void failed(const due_delivery::item& item, const delivery_outcome& m, const reply_slot<outcome_recorded>& owed) {
    auto with = std::make_shared<store::batch>();
    const bool aside = m.refused_for_good && item.attempts + 1 >= max_refusals;
    if (aside) {
      with->set_aside(item.number, m.failed->what);
    } else {
      with->record_attempt(item.number, parts.now() + (m.refused_for_good ? refused_pause : std::chrono::seconds{0}),
                           m.failed->what);
    }
    auto record = ledger::make(ledger::event::sending_failed, ledger::outcome::failure, parts.now(),
                               (aside ? "set aside: " : "not delivered: ") + m.failed->what);
    record.destination = m.destination;
    finish({std::move(record), {}, std::move(with)}, owed, [this, item, aside] {
      under_way.erase(item.number);
      if (!aside) return;
      ++set_aside;
      parts.announce(item.what.recipient,
                     "set aside after " + std::to_string(max_refusals) + " refusals: " + item.what.description);
    });
  }

  template <class Done>
  void finish(record_event event, const reply_slot<outcome_recorded>& owed, Done count) {
    ask(
        self, parts.ledger, ledger_budget, std::move(event),
        [owed, count](const event_recorded&) mutable {
          count();
          owed.deliver(outcome_recorded{});
        },
        [owed](const error& e) mutable { owed.fail(e); });
  }

  caf::result<status_report> report() {
    reply_slot<status_report> owed(self);
    const auto promised = owed.later();
    ask(
        self, parts.store, store_budget, count_outbox{},
        [this, owed](const outbox_counts& c) mutable {
          status_report r{
              "outbox",
              {{"queued", queued}, {"acknowledged", acknowledged}, {"values acknowledged", values_acknowledged}}};
          std::int64_t in_queue = 0, aside = 0;
          for (const auto& [who, n] : c.recipients) {
            in_queue += static_cast<std::int64_t>(n.waiting);
            aside += static_cast<std::int64_t>(n.set_aside);
            r.fields.emplace_back("waiting for " + who, static_cast<std::int64_t>(n.waiting));
          }
          r.fields.emplace_back("waiting", in_queue);
          r.fields.emplace_back("set aside", aside);
          owed.deliver(std::move(r));
        },
        [owed](const error& e) mutable { owed.fail(e); });
    return promised;
  }
};

outbox_actor::behavior_type outbox(outbox_actor::stateful_pointer<outbox_state> self, outbox_parts parts) {
  guard(self);
  self->state.core = std::make_shared<outbox_core>(self, std::move(parts));
  auto* core = self->state.core.get();
  return {
      [core](const submit& m) { return core->take(m); },
      [core](const await_delivery& m) { return core->wait(m); },
      [core](const delivery_outcome& m) { return core->record(m); },
      [core](const query_status&) { return core->report(); },
      [core](const wake& w) { core->timer(w); },
  };
}

}  // namespace smgw
