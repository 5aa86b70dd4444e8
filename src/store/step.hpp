// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

#include "store/codec.hpp"
#include "store/database.hpp"
#include "store/outbox_index.hpp"
#include "store/vault.hpp"

#include <map>
#include <set>

namespace smgw::store {

/// Which commit wrote to each table last. Kept in `meta`, and each table has its own number in a row of its own, so a
/// table that fell back to an older state (a lost tail of the list of files does that) does not fit the others.
struct marks {
  std::uint64_t commit = 0;
  std::array<std::uint64_t, all_tables.size()> by_table{};
  friend bool operator==(const marks&, const marks&) = default;
};
[[nodiscard]] bytes encode_marks(const marks& m);
[[nodiscard]] expected<marks> decode_marks(bytes_view in);
/// The row of the marks in `meta`, and that of a table's own mark: shorter than any row that means something.
[[nodiscard]] bytes marks_key();
[[nodiscard]] bytes own_mark_key();
[[nodiscard]] bool is_own_mark(bytes_view key) noexcept;

/// What the database keeps in memory; all of it is read from the disk when it is opened.
struct memory {
  struct log {
    hidden_name key{};
    log_range range;
  };
  std::map<list_name, hidden_name> lists;
  std::map<std::string, log, std::less<>> logs;
  outbox_index outbox;
  std::uint64_t next_sequence = 1;
  marks last;
};

/// One batch on its way to the disk: reads see what the batch wrote before, nothing else changes until it is written.
class step {
 public:
  step(const engine& files, const vault& cells, const memory& known, const outbox_limits& limits)
      : files_(files),
        cells_(cells),
        known_(known),
        limits_(limits),
        next_sequence_(known.next_sequence),
        marks_(known.last) {}

  expected<void> apply(const change::append_entry& c);
  expected<void> apply(const change::erase_entries& c);
  expected<void> apply(const change::put_state& c);
  expected<void> apply(const change::erase_state& c);
  expected<void> apply(const change::enqueue& c);
  expected<void> apply(const change::attempt& c);
  expected<void> apply(const change::done& c);
  expected<void> apply(const change::set_aside& c);
  expected<void> apply(const change::put_back& c);
  expected<void> apply(const change::append_record& c);
  expected<void> apply(const change::truncate_log& c);
  expected<void> apply(const change::put_profile& c);
  expected<void> apply(const change::erase_profile& c);
  /// To be called once, behind the last change: rows that are written once per batch. Nothing, if nothing changed.
  expected<void> finish();

  [[nodiscard]] const std::vector<row_change>& rows() const noexcept { return rows_; }
  [[nodiscard]] receipt& result() noexcept { return result_; }
  /// Octets that become garbage on disk, roughly.
  [[nodiscard]] std::uint64_t freed() const noexcept { return freed_; }
  /// Carries over into memory what was written.
  void settle(memory& known) &&;

 private:
  [[nodiscard]] expected<std::optional<bytes>> get(table where, const bytes& key) const;
  [[nodiscard]] expected<void> put(table where, bytes key, bytes plaintext);
  void erase(table where, bytes key);
  void erase_range(table where, bytes from, bytes until);

  [[nodiscard]] expected<hidden_name> list_key(const list_name& list, bool create);
  [[nodiscard]] expected<memory::log> log_state(const std::string& name) const;
  /// The newest version of a profile, and the versions there are.
  [[nodiscard]] expected<std::optional<profile_blob>> newest_profile(const hidden_name& name) const;

  [[nodiscard]] const outbox_place* find(std::uint64_t sequence) const;
  [[nodiscard]] expected<void> check_room(const outbox_item& item) const;
  void place(std::uint64_t sequence, std::optional<outbox_place> now);
  /// Reads the head of an item, lets `edit` change it, and writes it.
  [[nodiscard]] expected<void> edit_head(std::uint64_t sequence, const std::function<void(outbox_entry&)>& edit);

  struct delta {
    std::int64_t items = 0;
    std::int64_t content_bytes = 0;
  };
  struct range {
    table where;
    bytes from, until;
  };

  const engine& files_;
  const vault& cells_;
  const memory& known_;
  const outbox_limits& limits_;

  std::vector<row_change> rows_;
  std::map<std::pair<table, bytes>, std::optional<bytes>> written_;  ///< plain text
  std::vector<range> erased_;
  std::map<list_name, hidden_name> new_lists_;
  std::map<std::string, memory::log, std::less<>> logs_;
  std::map<std::uint64_t, std::optional<outbox_place>> places_;
  std::map<std::string, delta, std::less<>> deltas_;
  delta all_;
  std::uint64_t next_sequence_;
  marks marks_;
  std::uint64_t freed_ = 0;
  receipt result_;
};

/// The row that holds the next sequence of the outbox.
[[nodiscard]] bytes next_sequence_key();

}  // namespace smgw::store
