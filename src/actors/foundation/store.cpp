// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "actors/foundation/store.hpp"

#include "actors/reply_slot.hpp"

namespace smgw {
namespace {

/// So many commits share one sync at most: it bounds how long the first of them waits.
constexpr std::size_t max_joined = 256;

expected<list_page> page(expected<std::vector<list_entry>> entries) {
  if (!entries) return std::unexpected(entries.error());
  return list_page{std::move(*entries)};
}

}  // namespace

struct store_core {
  struct waiting {
    std::shared_ptr<store::batch> changes;
    reply_slot<committed> owed;
  };

  store_core(store_actor::stateful_pointer<store_state> actor, store::database opened, store_parts given)
      : self(actor), db(std::move(opened)), parts(std::move(given)) {}

  store_actor::stateful_pointer<store_state> self;
  store::database db;
  store_parts parts;
  std::vector<waiting> queue;
  std::int64_t commits = 0, syncs = 0, conflicts = 0, refused = 0;

  caf::result<committed> enqueue(const commit& m) {
    queue.push_back({m.changes, reply_slot<committed>(self)});
    const auto promised = queue.back().owed.later();
    if (queue.size() == 1) self->send(self, wake{});  // behind what waits in the mailbox already
    if (queue.size() >= max_joined) flush();
    return promised;
  }

  void flush() {
    if (queue.empty()) return;
    auto all = std::exchange(queue, {});
    store::batch joined;
    for (const auto& w : all) joined.add(*w.changes);
    auto done = db.commit(joined);
    ++syncs;
    if (done) {
      accept(*done, all.size());
      for (auto& w : all) w.owed.deliver(committed{});
      return;
    }
    if (all.size() == 1) return refuse(all.front(), done.error());
    // One of them is too much: each for itself, so that the others are not refused with it.
    for (auto& w : all) {
      auto single = db.commit(*w.changes);
      ++syncs;
      if (!single) {
        refuse(w, single.error());
        continue;
      }
      accept(*single, 1);
      w.owed.deliver(committed{});
    }
  }

  void accept(const store::receipt& r, std::size_t n) {
    conflicts += static_cast<std::int64_t>(r.conflicts.size());
    commits += static_cast<std::int64_t>(n);
  }

  void refuse(waiting& w, const error& e) {
    ++refused;
    w.owed.fail(e);
  }

  [[nodiscard]] status_report report() const {
    const auto size = db.usage().value_or(store::usage_report{});
    return {"store",
            {{"commits", commits},
             {"syncs", syncs},
             {"refused", refused},
             {"slots taken already", conflicts},
             {"octets", static_cast<std::int64_t>(size.used)},
             {"octets at most", static_cast<std::int64_t>(size.limit)}}};
  }
};

store_actor::behavior_type store_keeper(store_actor::stateful_pointer<store_state> self, store_parts parts) {
  guard(self);
  auto opened = parts.open();
  if (!opened) {
    parts.announce("store", opened.error().what);
    self->quit(to_caf(opened.error()));
    return store_actor::behavior_type::make_empty_behavior();
  }
  self->state.core = std::make_shared<store_core>(self, std::move(*opened), std::move(parts));
  auto* core = self->state.core.get();
  // What is read must see what was committed before: flush first.
  return {
      [core](const commit& m) { return core->enqueue(m); },
      [core](const read_list& m) -> caf::result<list_page> {
        core->flush();
        constexpr std::chrono::milliseconds next{
            1};  // the store's ranges begin with their first and end before their last
        const auto end = m.until == timestamp::max() ? m.until : m.until + next;
        return answer(page(core->db.entries({m.meter, m.register_name, m.period}, m.after + next, end, m.limit)));
      },
      [core](const read_last& m) -> caf::result<list_page> {
        core->flush();
        auto last = core->db.last_entry({m.meter, m.register_name, m.period});
        if (!last) return to_caf(last.error());
        list_page one;
        if (*last) one.entries.push_back(std::move(**last));
        return one;
      },
      [core](const read_lists&) {
        core->flush();
        return list_names{core->db.lists()};
      },
      [core](const read_state& m) -> caf::result<state_value> {
        core->flush();
        auto value = core->db.state(m.name);
        if (!value) return to_caf(value.error());
        return state_value{std::move(*value)};
      },
      [core](const read_due& m) -> caf::result<due_item> {
        core->flush();
        auto due = core->db.due(m.recipient, m.now);
        if (!due) return to_caf(due.error());
        due_item found{std::nullopt, core->db.count(m.recipient)};
        if (!due->empty()) found.next = std::move(due->front());
        return found;
      },
      [core](const count_outbox&) {
        outbox_counts counts;
        for (auto& who : core->db.recipients()) {
          const auto n = core->db.count(who);
          counts.recipients.emplace_back(std::move(who), n);
        }
        return counts;
      },
      [core](const read_records& m) -> caf::result<record_page> {
        core->flush();
        auto found = core->db.records(m.log, m.from, m.limit);
        if (!found) return to_caf(found.error());
        return record_page{std::move(*found)};
      },
      [core](const read_last_record& m) -> caf::result<record_page> {
        core->flush();
        auto last = core->db.last_record(m.log);
        if (!last) return to_caf(last.error());
        record_page one;
        if (*last) one.records.push_back(std::move(**last));
        return one;
      },
      [core](const read_logs&) {
        core->flush();
        return log_names{core->db.logs()};
      },
      [core](const query_status&) { return core->report(); },
      [core](const wake&) { core->flush(); },
  };
}

}  // namespace smgw
