// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

/// \file
/// The only place that remembers: one directory on disk, encrypted and authenticated cell by cell.
///
/// Each value is sealed together with its table, its row key and the schema version, so a value that was edited, moved
/// or swapped is refused (untrusted) and never returned. Names in row keys are hidden by a keyed hash. Each table says
/// which commit wrote to it last, so one that fell back to an older state is refused when the database is opened. What
/// this cannot see: single rows that were removed, or the whole directory put back to an older state; the ledgers' hash
/// chains, their gapless numbers (checked here) and `database::commits`, kept outside the disk, are for that.
///
/// Errors of every function, besides those named at it:
///  - exhausted:   the disk or a bound is full; later, when there is space again, the same call works again
///  - unavailable: the disk does not answer, or refused for another reason
///  - malformed:   a file is damaged or missing (checksum of the file format); the text names it
///  - untrusted:   a cell does not verify; the text names its table and row key
/// After a commit that failed with unavailable it is open whether the changes are on disk (a disk that answers a sync
/// with an error has said nothing about the data); every other refusal changes nothing.

#include "store/batch.hpp"
#include "store/cell_cipher.hpp"

#include <filesystem>
#include <functional>
#include <memory>

namespace smgw::store {

/// The layout of rows and cells that this code writes.
inline constexpr std::uint16_t current_schema = 1;

/// Whether `commit` returns after the changes are on the disk, or after the system has them (lost with the power,
/// kept when the process dies).
enum class durability : std::uint8_t { synced, buffered };

/// What a migration step may do: see every cell of a table, in plain text, and say what becomes of it.
class migration {
 public:
  /// The new cell; nothing: the cell is removed. `key` is the row key.
  using rewrite = std::function<expected<std::optional<bytes>>(bytes_view key, bytes_view plaintext)>;
  migration(const migration&) = delete;
  migration& operator=(const migration&) = delete;
  virtual ~migration() = default;
  /// Rewrites all cells of a table by its name (`readings`, `state`, …) in bounded steps. A step that was interrupted
  /// by a crash goes on where it was: cells that are rewritten already are not shown again.
  [[nodiscard]] virtual expected<void> rewrite_table(std::string_view table, const rewrite& each) = 0;

 protected:
  migration() = default;
};

/// A step from one schema version to the next. Tables it does not rewrite are sealed anew as they are.
struct migration_step {
  std::uint16_t from = 0;
  std::uint16_t to = 0;
  std::function<expected<void>(migration&)> apply;
};

/// Bounds of the outbox. Per recipient, so that one who never answers cannot take the place of the others.
struct outbox_limits {
  std::size_t items = 10'000;                             ///< per recipient
  std::uint64_t content_bytes = std::uint64_t{32} << 20;  ///< per recipient
  std::size_t total_items = 40'000;                       ///< of all recipients
  std::uint64_t total_content_bytes = std::uint64_t{128} << 20;
};

struct options {
  std::filesystem::path path;           ///< a directory of its own; made with mode 0700
  std::shared_ptr<cell_cipher> cipher;  ///< must not be null
  bool create = true;                   ///< false: refuse (unavailable) when there is no database yet
  /// Of the directory; commits that would exceed it are refused (while files are merged it may be more for a moment).
  std::uint64_t max_bytes = std::uint64_t{256} << 20;
  std::uint64_t reserve_bytes = std::uint64_t{8} << 20;  ///< the last part of max_bytes: calibration log, removals
  outbox_limits outbox;
  std::uint16_t schema = current_schema;
  std::vector<migration_step> migrations;  ///< in any order; used when the directory is older than `schema`
  /// A write-ahead log that is damaged before its end (not merely torn at its end, as a power loss leaves it) is
  /// refused as malformed, because commits that were acknowledged may be gone. True: keep what precedes the damage,
  /// and tell so in `database::opening`. Not every damage can be left out this way; what cannot is still refused.
  bool accept_damaged_log = false;
};

/// What `open` found.
struct opening_report {
  bool created = false;                          ///< there was none
  std::uint16_t migrated_from = current_schema;  ///< differs from the schema: it was migrated
  bool log_was_damaged = false;                  ///< only with accept_damaged_log: record it, commits may be missing
};

/// What became of a batch.
struct receipt {
  std::vector<std::uint64_t> sequences;  ///< of the enqueued items, in their order
  std::vector<slot> conflicts;           ///< entries left out because their slot holds another entry
};

/// Octets on disk.
struct usage_report {
  std::uint64_t used = 0;
  std::uint64_t limit = 0;
  std::uint64_t reserve = 0;
  [[nodiscard]] double share() const noexcept {
    return limit == 0 ? 1.0 : static_cast<double>(used) / static_cast<double>(limit);
  }
};

/// One thing `verify` found.
struct fault {
  std::string table;  ///< empty: the files themselves
  std::string key;    ///< row key in hexadecimal digits
  error why;
};
struct verification {
  std::uint64_t cells = 0;  ///< looked at
  std::vector<fault> faults;
};

/// The store. Every function may be called from any thread; calls are served one after another, and a synced commit
/// takes as long as the disk needs. Functions passed in are called without a lock held. Move-only; a moved-from one
/// may only be destroyed or assigned to.
class database {
 public:
  /// Opens or makes the database and brings it to `options::schema`.
  /// conflict: another process has it open; unsupported: written by a newer version, or no step leads from its version;
  /// untrusted: another key, or altered; malformed: damaged or missing files.
  [[nodiscard]] static expected<database> open(options how);
  database(database&&) noexcept;
  database& operator=(database&&) noexcept;
  ~database();

  [[nodiscard]] const opening_report& opening() const noexcept;

  /// Applies the batch atomically. conflict, exhausted: as told at the functions of `batch`; nothing is changed then.
  [[nodiscard]] expected<receipt> commit(const batch& changes, durability how = durability::synced);

  // --- readings

  /// As batch::append, in a batch of its own. conflict: the slot holds another entry, which stays.
  [[nodiscard]] expected<void> append(std::chrono::seconds period, list_entry entry);
  /// Calls `each` for the entries with from <= target < to, oldest first, until it returns false or `limit` is reached;
  /// returns how many it was called for. Reads in pages: `each` may use the database.
  [[nodiscard]] expected<std::size_t> scan(const list_name& list, timestamp from, timestamp to, std::size_t limit,
                                           const std::function<bool(const list_entry&)>& each) const;
  /// The same, as a vector.
  [[nodiscard]] expected<std::vector<list_entry>> entries(const list_name& list, timestamp from, timestamp to,
                                                          std::size_t limit = max_page) const;
  [[nodiscard]] expected<std::optional<list_entry>> entry(const slot& at) const;
  /// The newest entry.
  [[nodiscard]] expected<std::optional<list_entry>> last_entry(const list_name& list) const;
  /// All lists that ever got an entry, sorted.
  [[nodiscard]] std::vector<list_name> lists() const;
  [[nodiscard]] expected<void> erase_entries(const list_name& list, timestamp from, timestamp to);

  // --- state

  [[nodiscard]] expected<void> put_state(std::string name, bytes value);
  [[nodiscard]] expected<std::optional<bytes>> state(std::string_view name) const;

  // --- outbox

  [[nodiscard]] expected<std::uint64_t> enqueue(outbox_item item);
  /// Items of this recipient that are due at `now` and not set aside: higher priority first, then oldest first.
  [[nodiscard]] expected<std::vector<outbox_entry>> due(std::string_view recipient, timestamp now,
                                                        std::size_t limit = 1) const;
  [[nodiscard]] expected<std::optional<outbox_entry>> item(std::uint64_t sequence) const;
  [[nodiscard]] expected<void> record_attempt(std::uint64_t sequence, timestamp next_try, std::string last_error);
  [[nodiscard]] expected<void> done(std::uint64_t sequence);
  [[nodiscard]] expected<void> set_aside(std::uint64_t sequence, std::string reason);
  /// Sequences of the items set aside, oldest first.
  [[nodiscard]] std::vector<std::uint64_t> set_aside_items(std::string_view recipient) const;
  [[nodiscard]] outbox_count count(std::string_view recipient) const;
  [[nodiscard]] outbox_count count_all() const;
  /// Everyone for whom something lies here, sorted.
  [[nodiscard]] std::vector<std::string> recipients() const;

  // --- ledgers

  [[nodiscard]] expected<void> append_record(std::string log, std::uint64_t number, bytes content);
  /// Records with numbers from `from` on, ascending, at most `limit`. untrusted: a record is missing.
  [[nodiscard]] expected<std::vector<log_record>> records(std::string_view log, std::uint64_t from,
                                                          std::size_t limit) const;
  [[nodiscard]] expected<std::optional<log_record>> last_record(std::string_view log) const;
  /// Of a ledger that does not exist: first 1, last 0.
  [[nodiscard]] log_range range(std::string_view log) const;
  /// The names of all ledgers, sorted.
  [[nodiscard]] std::vector<std::string> logs() const;
  [[nodiscard]] expected<void> truncate_log(std::string log, std::uint64_t up_to);

  // --- profiles

  [[nodiscard]] expected<void> put_profile(std::string name, std::uint32_t version, bytes json);
  /// The newest version, or the one asked for.
  [[nodiscard]] expected<std::optional<profile_blob>> profile(std::string_view name,
                                                              std::optional<std::uint32_t> version = {}) const;
  /// All profiles, newest version only, sorted by name.
  [[nodiscard]] expected<std::vector<profile_blob>> profiles() const;
  [[nodiscard]] expected<void> erase_profile(std::string name);

  // --- the whole

  [[nodiscard]] expected<usage_report> usage() const;
  /// How many commits there have been; grows with each. Kept in a counter that cannot be set back (TPM, card), it shows
  /// when the directory was put back to an older state.
  [[nodiscard]] std::uint64_t commits() const;
  /// Gives space of removed rows back to the disk. Takes seconds on a large database.
  [[nodiscard]] expected<void> compact();
  /// Reads every file and every cell and tells the first faults (at most `max_faults`). Takes seconds.
  [[nodiscard]] expected<verification> verify(std::size_t max_faults = 16) const;

 private:
  struct impl;
  explicit database(std::unique_ptr<impl> state);
  std::unique_ptr<impl> impl_;
};

}  // namespace smgw::store
