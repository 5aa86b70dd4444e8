// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

/// \file
/// RocksDB as this layer needs it: a few tables of rows, atomic writes, bounded scans. Knows nothing of what rows mean.

#include <smgw/types.hpp>

#include <array>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string_view>

namespace smgw::store {

/// One column family each.
enum class table : std::uint8_t { meta, readings, lists, state, outbox, content, ledger, logs, profiles };
inline constexpr std::array all_tables{table::meta,    table::readings, table::lists, table::state,   table::outbox,
                                       table::content, table::ledger,   table::logs,  table::profiles};
[[nodiscard]] std::string_view name_of(table t) noexcept;

/// One change of a row, or the removal of a range.
struct row_change {
  table where = table::meta;
  bytes key;
  std::optional<bytes> value;  ///< nothing: remove the row
  std::optional<bytes> until;  ///< remove all rows with key <= row < until
};

enum class direction : std::uint8_t { ascending, descending };

/// Not thread-safe beyond what the one lock of `database` gives. Errors as told at database.hpp.
class engine {
 public:
  struct settings {
    std::filesystem::path path;
    bool create = true;
    bool accept_damaged_log = false;
  };
  [[nodiscard]] static expected<std::unique_ptr<engine>> open(settings how);
  engine(const engine&) = delete;
  engine& operator=(const engine&) = delete;
  ~engine();

  [[nodiscard]] expected<std::optional<bytes>> get(table where, bytes_view key) const;
  /// Opens the files again if a fault has closed them. To be called before a write is worked out: a write that failed
  /// before may be there after all.
  [[nodiscard]] expected<void> ensure_open();
  /// Applies all or nothing. After a failure the engine recovers (or opens its files again) and tries once more: a
  /// write names its rows completely, so doing it twice is the same as doing it once.
  [[nodiscard]] expected<void> write(std::span<const row_change> changes, bool sync);

  /// Told for each row; false stops. The views hold during the call.
  using visitor = std::function<expected<bool>(bytes_view key, bytes_view value)>;
  /// Rows with from <= key < to; an empty `to` means to the end.
  [[nodiscard]] expected<void> scan(table where, bytes_view from, bytes_view to, direction way,
                                    const visitor& each) const;

  /// Octets of all files in the directory.
  [[nodiscard]] expected<std::uint64_t> disk_bytes() const;
  [[nodiscard]] expected<void> compact();
  /// Reads all files and compares their checksums.
  [[nodiscard]] expected<void> check_files() const;

  /// Grows when the files were opened again after a fault: what was read before has to be read anew.
  [[nodiscard]] std::uint64_t generation() const noexcept { return generation_; }
  [[nodiscard]] bool log_was_damaged() const noexcept { return log_was_damaged_; }

 private:
  struct files;
  explicit engine(settings how);
  expected<void> open_files();
  expected<void> recover();

  settings how_;
  std::unique_ptr<files> files_;  ///< null after a fault that could not be recovered from
  bool read_only_ = false;        ///< after a fault while the disk is full
  std::uint64_t generation_ = 0;
  bool log_was_damaged_ = false;
};

}  // namespace smgw::store
