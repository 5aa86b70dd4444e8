// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

#include <smgw/types.hpp>

#include <filesystem>

namespace smgw::store {

/// Walks the records of RocksDB's log files (MANIFEST and write-ahead logs) in a folder, before RocksDB reads them.
/// A flipped bit can turn a record's type into one that only reused log files have; RocksDB 9.10 reads such a record
/// in the MANIFEST again and again and never ends. We reuse no log files, so these types are damage: malformed.
/// What is torn at the end is left to RocksDB.
[[nodiscard]] expected<void> check_framing(const std::filesystem::path& folder);

}  // namespace smgw::store
