// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "actors/metering/retention.hpp"

#include "actors/ask.hpp"
#include "actors/metering/contract.hpp"
#include "actors/metering/meter.hpp"
#include "domain/retention/known.hpp"
#include "domain/retention/retention.hpp"

#include <map>

namespace smgw {
namespace {

constexpr auto known_state = "retention/contracts";
constexpr std::size_t max_rows_a_round = 1000;  ///< of one list of one contract; the rest goes with the next round

}  // namespace

struct retention_core {
  using pointer = retention_actor::stateful_pointer<retention_state>;

  retention_core(pointer actor, retention_parts given, calendar::legal_time z)
      : self(actor), parts(std::move(given)), zone(z) {}

  pointer self;
  retention_parts parts;
  calendar::legal_time zone;
  std::vector<retention::known_contract> known;
  std::map<std::string, timestamp> cursors;
  std::int64_t rounds = 0, failed_rounds = 0, lists_trimmed = 0, contracts_forgotten = 0;

  void round() {
    cursors.clear();
    self->delayed_send(self, retention_interval, wake{});
    read(known_state, [this](const state_value& v) {
      if (v.value) {
        auto stored = retention::decode_known(*v.value);
        if (!stored) return failed(stored.error());
        known = std::move(*stored);
      }
      retention::meet(known, parts.evaluations, parts.now());
      next_cursor(0);
    });
  }

  template <class Ok>
  void read(std::string name, Ok ok) {
    ask(self, parts.store, store_budget, read_state{std::move(name)}, ok, [this](const error& e) { failed(e); });
  }

  void next_cursor(std::size_t i) {
    if (i == parts.evaluations.size()) return read_all_lists();
    const auto& id = parts.evaluations[i].id;
    read(cursor_name(id), [this, i, id](const state_value& v) {
      if (v.value)
        if (const auto at = tariff::decode_cursor(*v.value)) cursors[id] = at->until;
      next_cursor(i + 1);
    });
  }

  void read_all_lists() {
    ask(
        self, parts.store, store_budget, read_lists{}, [this](const list_names& names) { trim(names); },
        [this](const error& e) { failed(e); });
  }

  void trim(const list_names& names) {
    const auto now = parts.now();
    std::vector<retention::standing> standings;
    for (const auto& e : parts.evaluations) {
      const auto at = cursors.find(e.id);
      standings.push_back({&e, at == cursors.end() ? std::nullopt : std::optional{at->second}});
    }
    auto changes = std::make_shared<store::batch>();
    for (const auto& list : names.lists) {
      const auto from = retention::originals_needed_from(list.meter, list.register_name, standings, now, zone);
      if (from <= timestamp{}) continue;
      changes->erase_entries(list, timestamp{}, from);
      ++lists_trimmed;
    }
    for (auto& k : known) forget_rows(k, now, *changes);
    std::erase_if(known, [&](const auto& k) {
      const bool gone = k.missing_since && *k.missing_since + retention::orphan_grace <= now && k.rows_from >= now;
      contracts_forgotten += gone ? 1 : 0;
      return gone;
    });
    changes->put_state(known_state, retention::encode(known));
    commit_all(std::move(changes));
  }

  /// Rows that are too old; of a contract whose profile is gone, all of them and its cursor.
  void forget_rows(retention::known_contract& k, timestamp now, store::batch& changes) {
    const auto found = std::ranges::find(parts.evaluations, k.id, &profile::evaluation::id);
    const bool gone = k.missing_since && *k.missing_since + retention::orphan_grace <= now;
    if (found == parts.evaluations.end() && !gone) return;
    auto until = gone ? now : retention::rows_needed_from(*found, now, zone);
    if (until <= k.rows_from || changes.size() > store::max_batch_changes / 2) return;
    const auto p = retention::as_profile(k);
    for (const auto kind : {tariff::list_kind::daily, tariff::list_kind::billing}) {
      const auto old = tariff::instants(p, kind, k.rows_from, until, max_rows_a_round);
      if (!old) return;
      if (old->size() == max_rows_a_round) until = std::min(until, old->back());
      for (const auto at : *old) {
        changes.erase_state(row_name(k.id, kind, at));
        if (kind == tariff::list_kind::billing) changes.erase_state(snapshot_name(k.id, at));
      }
    }
    k.rows_from = until;
    if (gone && until == now) changes.erase_state(cursor_name(k.id));
  }

  void commit_all(std::shared_ptr<store::batch> changes) {
    ask(
        self, parts.store, store_budget, commit{std::move(changes)}, [this](const committed&) { ++rounds; },
        [this](const error& e) { failed(e); });
  }

  void failed(const error& e) {
    ++failed_rounds;
    parts.announce("retention", "not deleted, trying again tomorrow: " + e.what);
  }

  [[nodiscard]] status_report report() const {
    return {"retention",
            {{"rounds", rounds},
             {"failed rounds", failed_rounds},
             {"lists looked at", lists_trimmed},
             {"contracts forgotten", contracts_forgotten}}};
  }
};

retention_actor::behavior_type retention_keeper(retention_actor::stateful_pointer<retention_state> self,
                                                retention_parts parts) {
  guard(self);
  auto zone = calendar::legal_time::load();
  if (!zone) {
    self->quit(to_caf(zone.error()));
    return retention_actor::behavior_type::make_empty_behavior();
  }
  self->state.core = std::make_shared<retention_core>(self, std::move(parts), *zone);
  auto* core = self->state.core.get();
  self->delayed_send(self, first_retention, wake{});
  return {
      [core](const query_status&) { return core->report(); },
      [core](const wake&) { core->round(); },
  };
}

}  // namespace smgw
