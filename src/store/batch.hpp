// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

#include "store/rows.hpp"

#include <variant>

namespace smgw::store {

inline constexpr std::size_t max_batch_changes = 16'384;            ///< changes of one batch
inline constexpr std::size_t max_batch_bytes = 16UL * 1024 * 1024;  ///< octets of one batch

/// One change, as the batch keeps it.
namespace change {
struct append_entry {
  std::chrono::seconds period;
  list_entry entry;
};
struct erase_entries {
  list_name list;
  timestamp from, to;
};
struct put_state {
  std::string name;
  bytes value;
};
struct erase_state {
  std::string name;
};
struct enqueue {
  outbox_item item;
};
struct attempt {
  std::uint64_t sequence;
  timestamp next_try;
  std::string last_error;
};
struct done {
  std::uint64_t sequence;
};
struct set_aside {
  std::uint64_t sequence;
  std::string reason;
};
struct put_back {
  std::uint64_t sequence;
  timestamp next_try;
};
struct append_record {
  std::string log;
  std::uint64_t number;
  bytes content;
};
struct truncate_log {
  std::string log;
  std::uint64_t up_to;
};
struct put_profile {
  std::string name;
  std::uint32_t version;
  bytes json;
};
struct erase_profile {
  std::string name;
};
using any = std::variant<append_entry, erase_entries, put_state, erase_state, enqueue, attempt, done, set_aside,
                         put_back, append_record, truncate_log, put_profile, erase_profile>;
}  // namespace change

/// Changes of any tables that are applied together or not at all, with one sync: "entry, tariff cursor, outbox item
/// and ledger record" as one step. Nothing is checked before `database::commit`. Changes take effect in their order.
class batch {
 public:
  /// Fills a slot of the list (entry.value.meter, entry.value.register_name, period). A slot is filled once: the same
  /// entry again is accepted silently, another one is left out and named in `receipt::conflicts`.
  batch& append(std::chrono::seconds period, list_entry entry);
  /// Removes the slots with from <= target < to (retention).
  batch& erase_entries(list_name list, timestamp from, timestamp to);

  /// Sets a small named value.
  batch& put_state(std::string name, bytes value);
  batch& erase_state(std::string name);

  /// Queues an item; its sequence comes in `receipt::sequences`. exhausted: the outbox's bounds.
  batch& enqueue(outbox_item item);
  /// Counts an attempt that failed. conflict: there is no such item.
  batch& record_attempt(std::uint64_t sequence, timestamp next_try, std::string last_error);
  /// Removes an item; an unknown one is not an error (it was removed before).
  batch& done(std::uint64_t sequence);
  /// Keeps an item but tries it no more. conflict: there is no such item.
  batch& set_aside(std::uint64_t sequence, std::string reason);
  /// Lets an item that was set aside be tried again. conflict: there is no such item.
  batch& put_back(std::uint64_t sequence, timestamp next_try);

  /// Appends to a ledger. `number` must be one more than the last (conflict); the first of a new ledger is 1.
  /// The last record again with the same content is accepted silently.
  batch& append_record(std::string log, std::uint64_t number, bytes content);
  /// Removes the oldest records up to and with number `up_to`; numbering goes on where it was.
  batch& truncate_log(std::string log, std::uint64_t up_to);

  /// Adds a version of a profile. conflict: not newer than the newest one (the same content again is accepted).
  batch& put_profile(std::string name, std::uint32_t version, bytes json);
  /// Removes all versions of a profile.
  batch& erase_profile(std::string name);

  /// Lets this batch use the reserve that is kept for the calibration log and for what frees space
  /// (see `options::reserve_bytes`). Batches that only remove, and outbox attempts, may use it anyway.
  batch& use_reserve() {
    reserve_ = true;
    return *this;
  }
  /// Appends the changes of another batch, so that both need one sync; from then on they succeed or fail together.
  batch& add(batch other);

  [[nodiscard]] bool empty() const noexcept { return changes_.empty(); }
  [[nodiscard]] std::size_t size() const noexcept { return changes_.size(); }
  /// Octets of payload, roughly.
  [[nodiscard]] std::size_t payload() const noexcept { return payload_; }
  [[nodiscard]] bool may_use_reserve() const noexcept { return reserve_; }
  [[nodiscard]] const std::vector<change::any>& changes() const noexcept { return changes_; }

 private:
  batch& push(change::any c, std::size_t payload);

  std::vector<change::any> changes_;
  std::size_t payload_ = 0;
  bool reserve_ = false;
};

}  // namespace smgw::store
