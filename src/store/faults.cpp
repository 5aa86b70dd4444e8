// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "store/faults.hpp"

#include "store/tuning.hpp"

#include <rocksdb/status.h>

namespace smgw::store {
namespace {

/// Faults of the disk that RocksDB does not tell apart: a file size limit and a quota are as good as a full disk.
bool is_full(const rocksdb::Status& s, std::string_view text) {
  return s.IsNoSpace() || s.subcode() == rocksdb::Status::kSpaceLimit || s.IsMemoryLimit() ||
         text.contains("File too large") || text.contains("quota exceeded") || text.contains("No space left");
}

errc code_of(const rocksdb::Status& s, std::string_view text) {
  if (is_full(s, text)) return errc::exhausted;
  if (s.IsCorruption() || s.IsPathNotFound()) return errc::malformed;
  if (s.IsIOError()) return text.contains("lock") ? errc::conflict : errc::unavailable;
  if (s.IsNotSupported() || s.IsInvalidArgument()) return errc::unsupported;
  if (s.IsBusy() || s.IsTimedOut() || s.IsTryAgain() || s.IsIncomplete() || s.IsShutdownInProgress())
    return errc::unavailable;
  return errc::internal;
}

}  // namespace

std::unexpected<error> refuse(std::string_view action, const rocksdb::Status& s) {
  const auto text = s.ToString();
  const auto code = code_of(s, text);
  auto what = "store: " + std::string(action) + ": " + text.substr(0, tuning::max_error_text);
  if (code == errc::malformed) what = "store: damaged or missing file (" + std::string(action) + "): " + text;
  return fail(code, std::move(what));
}

}  // namespace smgw::store
