// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

/// \file
/// The database's files while they are open: how RocksDB is set for a small machine, and what is looked at before it
/// may touch a directory. Inner use of the engine.

#include "store/engine.hpp"

namespace rocksdb {
class ColumnFamilyHandle;
class DB;
class Status;
}  // namespace rocksdb

namespace smgw::store {

struct engine::files {
  std::unique_ptr<rocksdb::DB> db;
  std::vector<rocksdb::ColumnFamilyHandle*> handles;

  files();
  files(const files&) = delete;
  files& operator=(const files&) = delete;
  ~files();

  [[nodiscard]] rocksdb::ColumnFamilyHandle* in(table t) const { return handles[static_cast<std::size_t>(t)]; }

  /// RocksDB takes a directory without CURRENT for a new one and cleans up the rest: never when there are rows in it.
  /// Makes the directory where it is to be made.
  [[nodiscard]] static expected<void> check_directory(const settings& how);
  /// Read-only: needs not one octet of space, and sees what the log holds.
  [[nodiscard]] rocksdb::Status open(const settings& how, bool accept_damaged_log, bool read_only = false);
};

}  // namespace smgw::store
