// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

/// \file
/// The inside of `database`. Everything here is guarded by `lock`, which no function passed in by a caller ever meets.

#include "store/step.hpp"

#include <mutex>

namespace smgw::store {

/// Rows read under one lock.
inline constexpr std::size_t scan_page = 128;

struct database::impl {
  explicit impl(options o) : how(std::move(o)), cells(how.cipher, how.schema) {}

  options how;
  vault cells;
  opening_report report;

  mutable std::mutex lock;
  std::unique_ptr<engine> files;
  memory known;
  std::uint64_t known_generation = 0;  ///< of the engine, when `known` was read

  std::uint64_t measured = 0;        ///< octets on disk when last looked
  std::uint64_t since_measured = 0;  ///< octets written since
  std::uint64_t reclaimable = 0;     ///< octets of removed rows since the last compaction, roughly

  expected<void> open();
  /// The row that says which schema the directory has; makes or migrates it.
  expected<void> check_schema();
  expected<void> load();
  expected<marks> check_marks() const;
  expected<void> make_room(const batch& changes);
  expected<void> measure();
  expected<receipt> commit(const batch& changes, durability how_durable);

  /// Opened cell, or nothing if there is no such row.
  expected<std::optional<bytes>> get(table where, const bytes& key) const;
  expected<std::optional<outbox_entry>> item(std::uint64_t sequence) const;
};

/// The row of the schema. Its cell is sealed under a version of its own, for it must open before the schema is known.
[[nodiscard]] bytes schema_key();
inline constexpr std::uint16_t schema_of_schema = 0xffff;

/// Brings all cells from `from` to `how.schema`, step by step.
[[nodiscard]] expected<void> migrate(engine& files, const vault& cells, const options& how, std::uint16_t from);

}  // namespace smgw::store
