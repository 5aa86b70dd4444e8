// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "actors/metering/contract.hpp"

#include "actors/ask.hpp"
#include "actors/metering/contract_lists.hpp"
#include "actors/metering/delivery_document.hpp"
#include "actors/metering/meter.hpp"
#include "base/check.hpp"
#include "base/time_text.hpp"
#include "store/database.hpp"

#include <deque>

namespace smgw {
namespace {

constexpr std::chrono::milliseconds retry_pause{2'000};
constexpr std::chrono::seconds submit_budget{60};
constexpr std::size_t page_size = 4096;

}  // namespace

std::string cursor_name(std::string_view contract) { return "contract/" + std::string(contract); }

std::string snapshot_name(std::string_view contract, timestamp period_end) {
  return "snapshot/" + std::string(contract) + "/" + to_iso8601(period_end);
}

std::string row_name(std::string_view contract, tariff::list_kind kind, timestamp at) {
  return "row/" + std::string(contract) + "/" + std::string(to_string(kind)) + "/" + to_iso8601(at);
}

struct contract_core {
  using pointer = contract_actor::stateful_pointer<contract_state>;

  contract_core(pointer actor, contract_parts given) : self(actor), parts(std::move(given)) {}

  pointer self;
  contract_parts parts;
  std::unique_ptr<tariff::contract> engine;
  timestamp replay_from;
  std::size_t replaying = 0;               ///< index of the input that is replayed; all done: inputs.size()
  std::vector<list_entry> early;           ///< stored by meters while we replay
  std::vector<tariff::result> results;     ///< not yet submitted
  std::optional<tariff::cursor> advanced;  ///< the cursor that belongs to them
  store::batch rows;                       ///< kept rows and snapshots that belong to it too
  bool submitting = false;
  std::optional<timestamp> armed;
  std::int64_t consumed = 0, submitted_count = 0, results_count = 0;

  // --- start: cursor, then the lists after it

  void start() {
    ask(
        self, parts.store, store_budget, read_state{cursor_name(parts.evaluation.id)},
        [this](const state_value& stored) { build(stored); }, [this](const error& e) { self->quit(to_caf(e)); });
  }

  void build(const state_value& stored) {
    std::optional<tariff::cursor> from;
    if (stored.value) {
      auto cursor = tariff::decode_cursor(*stored.value);
      if (!cursor) return self->quit(to_caf(cursor.error()));
      from = std::move(*cursor);
    }
    auto made = tariff::make_contract(parts.evaluation, from);
    if (!made) return self->quit(to_caf(made.error()));
    engine = std::move(*made);
    replay_from = engine->position().until;
    replay(replay_from);
  }

  void replay(timestamp after) {
    if (replaying == parts.inputs.size()) return follow();
    const auto& input = parts.inputs[replaying];
    ask(
        self, parts.store, store_budget,
        read_list{input.meter, input.register_name, input.period, after, timestamp::max(), page_size},
        [this](const list_page& page) { replayed(page); }, [this](const error& e) { self->quit(to_caf(e)); });
  }

  void replayed(const list_page& page) {
    for (const auto& entry : page.entries) consume(entry);
    submit_results();
    if (page.entries.size() == page_size) return replay(page.entries.back().target);
    ++replaying;
    replay(replay_from);
  }

  void follow() {
    for (const auto& entry : std::exchange(early, {})) consume(entry);
    timer();
  }

  [[nodiscard]] bool following() const { return engine && replaying == parts.inputs.size(); }

  // --- work

  void news(const entries_stored& m) {
    if (!following()) {
      early.insert(early.end(), m.entries.begin(), m.entries.end());
      return;
    }
    for (const auto& entry : m.entries) consume(entry);
    submit_results();
    arm();
  }

  void consume(const list_entry& entry) {
    ++consumed;
    take(engine->consume(entry));
  }

  void take(expected<tariff::step> step) {
    if (!step) return self->quit(to_caf(step.error()));
    for (auto& r : step->results) results.push_back(std::move(r));
    for (const auto& kept : step->rows) {
      rows.put_state(row_name(parts.evaluation.id, kept.kind, kept.row.at), tariff::encode(kept.row));
      if (kept.kind == tariff::list_kind::billing && step->advanced)
        rows.put_state(snapshot_name(parts.evaluation.id, kept.row.at), tariff::encode(*step->advanced));
    }
    if (step->advanced) advanced = std::move(step->advanced);
  }

  void timer() {
    armed.reset();
    take(engine->tick(parts.now()));
    submit_results();
    arm();
  }

  void arm() {
    const auto next = engine->next_deadline();
    if (!next || (armed && *armed <= *next)) return;
    armed = next;
    self->delayed_send(self, std::max(*next - parts.now(), std::chrono::milliseconds{1}), wake{});
  }

  // --- results and cursor, in one atomic step

  void submit_results() {
    if (submitting || !advanced) return;
    submit out;
    for (const auto& to : parts.evaluation.recipients) {
      std::vector<tariff::result> theirs;
      for (const auto& r : results)
        if (std::ranges::find(r.recipients, to.wan) != r.recipients.end()) theirs.push_back(r);
      for (const auto& part : metering::split_deliveries(std::move(theirs))) {
        const auto format = parts.format_for(to.wan);
        auto document = write(to, part, format);
        if (!document) return self->quit(to_caf(document.error()));
        out.deliveries.push_back({.recipient = to.wan,
                                  .consumer = parts.evaluation.consumer,
                                  .description = metering::describe(part),
                                  .values = metering::count_values(part),
                                  .not_before = when(to),
                                  .content = std::move(*document),
                                  .json = format == profile::body_format::json});
      }
    }
    results_count += static_cast<std::int64_t>(results.size());
    results.clear();
    out.with = std::make_shared<store::batch>(std::exchange(rows, {}));
    out.with->put_state(cursor_name(parts.evaluation.id), tariff::encode(*std::exchange(advanced, std::nullopt)));
    send(out);
  }

  [[nodiscard]] expected<bytes> write(const profile::recipient& to, const std::vector<tariff::result>& part,
                                      profile::body_format format) {
    if (!to.pseudonym) return metering::delivery_document(part, format);
    if (!parts.pseudonyms) return fail(errc::denied, "there is no key for pseudonyms");
    const auto& e = parts.evaluation;
    const privacy::audience whom{e.usage_point, to.wan, privacy::epoch_of(e, part.front().to, zone())};
    return metering::pseudonymous_document(
        part, [&](std::string_view device) { return privacy::pseudonym(whom, device, parts.pseudonyms); }, format);
  }

  [[nodiscard]] timestamp when(const profile::recipient& to) {
    return schedule::next_dispatch(to.sending, parts.now(), zone(),
                                   schedule::mix(parts.seed, std::hash<std::string>{}(to.wan)));
  }

  [[nodiscard]] const calendar::legal_time& zone() {
    if (!zone_) {
      auto loaded = calendar::legal_time::load();
      SMGW_ASSERT(loaded.has_value());  // make_contract has loaded the same
      zone_ = std::move(*loaded);
    }
    return *zone_;
  }

  void send(const submit& out) {
    submitting = true;
    const auto values = out.deliveries.size();
    ask(
        self, parts.outbox, submit_budget, out,
        [this, values](const submitted&) {
          submitting = false;
          submitted_count += static_cast<std::int64_t>(values);
          submit_results();
        },
        [this, out](const error& e) {
          parts.announce(parts.evaluation.id, "results wait: " + e.what);
          // The same step again, until the store takes it: the cursor has not moved.
          unsent = out;
          self->delayed_send(self, retry_pause, wake{1});
        });
  }

  void retry() {
    if (unsent) send(*std::exchange(unsent, std::nullopt));
  }

  [[nodiscard]] status_report report() const {
    return {"contract " + parts.evaluation.id,
            {{"tariff use case", static_cast<std::int64_t>(parts.evaluation.taf)},
             {"state", std::string(following() ? "running" : "reading its lists")},
             {"entries consumed", consumed},
             {"results", results_count},
             {"deliveries queued", submitted_count}}};
  }

  std::optional<submit> unsent;

 private:
  std::optional<calendar::legal_time> zone_;
};

contract_actor::behavior_type contract(contract_actor::stateful_pointer<contract_state> self, contract_parts parts) {
  guard(self);
  self->state.core = std::make_shared<contract_core>(self, std::move(parts));
  auto* core = self->state.core.get();
  core->start();
  return {
      [core](const entries_stored& m) { core->news(m); },
      [self, core](const read_rows& m) {
        const auto& p = core->parts;
        return read_contract_rows(self, p.store, p.evaluation, p.inputs, m);
      },
      [core](const query_status&) { return core->report(); },
      [core](const wake& w) {
        if (w.round == 1) return core->retry();
        if (core->following()) core->timer();
      },
  };
}

}  // namespace smgw
