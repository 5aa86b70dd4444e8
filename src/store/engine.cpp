// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

// Rows of the tables, and the way back after a fault of the disk.
#include "store/engine.hpp"

#include "base/check.hpp"
#include "base/octets.hpp"
#include "store/engine_files.hpp"
#include "store/faults.hpp"
#include "store/framing.hpp"

#include <rocksdb/db.h>
#include <rocksdb/write_batch.h>

#include <string>

namespace smgw::store {

namespace {

/// Debian's RocksDB has its assertions on: a slice must not be null, not even an empty one.
rocksdb::Slice slice(bytes_view data) {
  return data.empty() ? rocksdb::Slice{} : rocksdb::Slice{reinterpret_cast<const char*>(data.data()), data.size()};
}
bytes_view view(const rocksdb::Slice& s) { return as_bytes({s.data(), s.size()}); }

}  // namespace

std::string_view name_of(table t) noexcept {
  switch (t) {
    case table::meta: return "default";
    case table::readings: return "readings";
    case table::lists: return "lists";
    case table::state: return "state";
    case table::outbox: return "outbox";
    case table::content: return "content";
    case table::ledger: return "ledger";
    case table::logs: return "logs";
    case table::profiles: return "profiles";
  }
  return {};
}

engine::engine(settings how) : how_(std::move(how)) {}
engine::~engine() = default;

expected<std::unique_ptr<engine>> engine::open(settings how) {
  std::unique_ptr<engine> made(new engine(std::move(how)));
  SMGW_CHECK(files::check_directory(made->how_));
  SMGW_CHECK(made->open_files());
  made->how_.create = false;  // what is gone from now on is a fault, not a beginning
  return made;
}

expected<void> engine::open_files() {
  files_.reset();  // its lock has to go first
  SMGW_CHECK(check_framing(how_.path));
  auto fresh = std::make_unique<files>();
  auto status = fresh->open(how_, false);
  if (status.IsCorruption() && how_.accept_damaged_log) {
    fresh = std::make_unique<files>();
    status = fresh->open(how_, true);
    log_was_damaged_ = status.ok();
  }
  if (!status.ok()) return refuse("open", status);
  files_ = std::move(fresh);
  read_only_ = false;
  return {};
}

expected<void> engine::recover() {
  if (files_ && !read_only_ && files_->db->Resume().ok()) return {};
  // A fault that Resume cannot lift: only new file handles help.
  ++generation_;
  auto opened = open_files();
  if (opened || opened.error().code != errc::exhausted) return opened;
  // No space even for that. What is there can be read meanwhile; each write tries to open for writing again.
  auto fresh = std::make_unique<files>();
  if (fresh->open(how_, false, true).ok()) {
    files_ = std::move(fresh);
    read_only_ = true;
  }
  return opened;
}

expected<void> engine::ensure_open() {
  if (files_ && !read_only_) return {};
  return recover();
}

expected<std::optional<bytes>> engine::get(table where, bytes_view key) const {
  if (!files_) return fail(errc::unavailable, "store: the files are closed after a fault");
  rocksdb::PinnableSlice value;
  const auto status = files_->db->Get(rocksdb::ReadOptions(), files_->in(where), slice(key), &value);
  if (status.IsNotFound()) return std::nullopt;
  if (!status.ok()) return refuse("read", status);
  const auto data = view(value);
  return bytes(data.begin(), data.end());
}

expected<void> engine::write(std::span<const row_change> changes, bool sync) {
  rocksdb::WriteOptions how;
  how.sync = sync;
  for (int attempt = 0;; ++attempt) {
    SMGW_CHECK(ensure_open());
    rocksdb::WriteBatch batch;
    rocksdb::Status status;
    for (const auto& c : changes) {
      auto* family = files_->in(c.where);
      if (c.until)
        status.UpdateIfOk(batch.DeleteRange(family, slice(c.key), slice(*c.until)));
      else if (c.value)
        status.UpdateIfOk(batch.Put(family, slice(c.key), slice(*c.value)));
      else
        status.UpdateIfOk(batch.Delete(family, slice(c.key)));
    }
    if (!status.ok()) return refuse("prepare", status);
    status = files_->db->Write(how, &batch);
    if (status.ok()) return {};
    if (attempt == 1 || !recover()) return refuse("write", status);
  }
}

expected<void> engine::scan(table where, bytes_view from, bytes_view to, direction way, const visitor& each) const {
  if (!files_) return fail(errc::unavailable, "store: the files are closed after a fault");
  rocksdb::ReadOptions how;
  how.fill_cache = false;
  const auto lower = slice(from);
  const auto upper = slice(to);
  if (!from.empty()) how.iterate_lower_bound = &lower;
  if (!to.empty()) how.iterate_upper_bound = &upper;
  const std::unique_ptr<rocksdb::Iterator> it(files_->db->NewIterator(how, files_->in(where)));
  const bool up = way == direction::ascending;
  for (up ? it->SeekToFirst() : it->SeekToLast(); it->Valid(); up ? it->Next() : it->Prev()) {
    SMGW_TRY(const bool more, each(view(it->key()), view(it->value())));
    if (!more) return {};
  }
  if (!it->status().ok()) return refuse("scan", it->status());
  return {};
}

expected<std::uint64_t> engine::disk_bytes() const {
  std::uint64_t sum = 0;
  std::error_code ec;
  for (std::filesystem::directory_iterator it(how_.path, ec), end; !ec && it != end; it.increment(ec)) {
    std::error_code gone;  // files come and go while we look
    const auto size = it->file_size(gone);
    if (!gone) sum += size;
  }
  if (ec) return fail(errc::unavailable, "store: " + how_.path.string() + ": " + ec.message());
  return sum;
}

expected<void> engine::compact() {
  SMGW_CHECK(ensure_open());
  rocksdb::CompactRangeOptions how;
  // Also rewrites the lowest level: that is where removed rows still lie.
  how.bottommost_level_compaction = rocksdb::BottommostLevelCompaction::kForceOptimized;
  for (const auto t : all_tables) {
    auto status = files_->db->CompactRange(how, files_->in(t), nullptr, nullptr);
    // It may only repeat what stopped the background work some time ago.
    if (!status.ok() && recover()) status = files_->db->CompactRange(how, files_->in(t), nullptr, nullptr);
    if (!status.ok()) return refuse("compact", status);
  }
  return {};
}

expected<void> engine::check_files() const {
  if (!files_) return fail(errc::unavailable, "store: the files are closed after a fault");
  const auto status = files_->db->VerifyChecksum();
  if (!status.ok()) return refuse("verify", status);
  return {};
}

}  // namespace smgw::store
