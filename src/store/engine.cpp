// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#include "store/engine.hpp"

#include "base/check.hpp"
#include "base/octets.hpp"
#include "store/framing.hpp"
#include "store/tuning.hpp"

#include <rocksdb/cache.h>
#include <rocksdb/db.h>
#include <rocksdb/env.h>
#include <rocksdb/filter_policy.h>
#include <rocksdb/table.h>
#include <rocksdb/write_batch.h>

#include <algorithm>
#include <cstdarg>
#include <string>

namespace smgw::store {

namespace {

/// Debian's RocksDB has its assertions on: a slice must not be null, not even an empty one.
rocksdb::Slice slice(bytes_view data) {
  return data.empty() ? rocksdb::Slice{} : rocksdb::Slice{reinterpret_cast<const char*>(data.data()), data.size()};
}
bytes_view view(const rocksdb::Slice& s) { return as_bytes({s.data(), s.size()}); }

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

std::unexpected<error> refuse(std::string_view action, const rocksdb::Status& s) {
  const auto text = s.ToString();
  const auto code = code_of(s, text);
  auto what = "store: " + std::string(action) + ": " + text.substr(0, tuning::max_error_text);
  if (code == errc::malformed) what = "store: damaged or missing file (" + std::string(action) + "): " + text;
  return fail(code, std::move(what));
}

/// Says nothing. RocksDB's own logger ends the process (by an assertion) when the disk is full and it cannot write.
class no_log final : public rocksdb::Logger {
 public:
  using rocksdb::Logger::Logv;
  void Logv(const char*, va_list) override {}
};

rocksdb::Options database_options(bool create, bool accept_damaged_log) {
  rocksdb::Options o;
  o.create_if_missing = create;
  o.create_missing_column_families = true;
  // A log torn at its end is what a power loss leaves; damage before the end is not, unless the caller says so.
  o.wal_recovery_mode = accept_damaged_log ? rocksdb::WALRecoveryMode::kPointInTimeRecovery
                                           : rocksdb::WALRecoveryMode::kTolerateCorruptedTailRecords;
  o.track_and_verify_wals_in_manifest = true;
  o.max_background_jobs = 1;
  o.max_subcompactions = 1;
  o.stats_dump_period_sec = 0;
  o.stats_persist_period_sec = 0;
  o.info_log = std::make_shared<no_log>();
  o.max_manifest_file_size = tuning::manifest;
  o.manifest_preallocation_size = tuning::manifest;
  o.max_open_files = tuning::open_files;
  o.max_total_wal_size = tuning::log_size;
  o.db_write_buffer_size = tuning::all_write_buffers;
  o.table_cache_numshardbits = 0;
  o.compaction_readahead_size = tuning::file_buffer;
  o.writable_file_max_buffer_size = tuning::file_buffer;
  o.skip_stats_update_on_db_open = true;
  o.avoid_unnecessary_blocking_io = true;
  o.allow_concurrent_memtable_write = false;
  o.enable_pipelined_write = false;
  return o;
}

rocksdb::ColumnFamilyOptions table_options(const std::shared_ptr<rocksdb::Cache>& cache) {
  rocksdb::ColumnFamilyOptions o;
  o.compression = rocksdb::kNoCompression;  // sealed octets do not compress
  o.write_buffer_size = tuning::write_buffer;
  o.arena_block_size = tuning::arena_block;
  o.max_write_buffer_number = 2;
  o.target_file_size_base = tuning::file_size;
  o.max_bytes_for_level_base = 4 * tuning::file_size;
  rocksdb::BlockBasedTableOptions t;
  t.block_cache = cache;
  t.cache_index_and_filter_blocks = true;
  t.block_size = tuning::block;
  t.filter_policy.reset(rocksdb::NewBloomFilterPolicy(tuning::filter_bits));
  o.table_factory.reset(rocksdb::NewBlockBasedTableFactory(t));
  return o;
}

/// RocksDB takes a directory without CURRENT for a new one and cleans up the rest: never when there are rows in it.
expected<void> check_directory(const engine::settings& how) {
  std::error_code ec;
  if (std::filesystem::exists(how.path / "CURRENT", ec)) return {};
  if (ec) return fail(errc::unavailable, "store: " + how.path.string() + ": " + ec.message());
  if (!how.create) return fail(errc::unavailable, "store: there is no database in " + how.path.string());
  for (std::filesystem::directory_iterator it(how.path, ec), end; !ec && it != end; it.increment(ec))
    if (it->path().extension() == ".sst" || it->path().extension() == ".log")
      return fail(errc::malformed, "store: damaged or missing file: CURRENT is not in " + how.path.string());
  std::filesystem::create_directories(how.path, ec);
  if (!ec) std::filesystem::permissions(how.path, std::filesystem::perms::owner_all, ec);
  if (ec) return fail(errc::unavailable, "store: " + how.path.string() + ": " + ec.message());
  return {};
}

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

struct engine::files {
  std::unique_ptr<rocksdb::DB> db;
  std::vector<rocksdb::ColumnFamilyHandle*> handles;

  files() = default;
  files(const files&) = delete;
  files& operator=(const files&) = delete;
  ~files() {
    if (!db) return;
    for (auto* h : handles) db->DestroyColumnFamilyHandle(h).PermitUncheckedError();
    db->Close().PermitUncheckedError();
  }

  [[nodiscard]] rocksdb::ColumnFamilyHandle* in(table t) const { return handles[static_cast<std::size_t>(t)]; }

  /// Read-only: needs not one octet of space, and sees what the log holds.
  rocksdb::Status open(const engine::settings& how, bool accept_damaged_log, bool read_only = false) {
    auto* env = rocksdb::Env::Default();
    env->SetBackgroundThreads(1, rocksdb::Env::LOW);
    env->SetBackgroundThreads(1, rocksdb::Env::HIGH);
    rocksdb::LRUCacheOptions c;
    c.capacity = tuning::cache;
    c.num_shard_bits = 0;
    const auto cache = c.MakeSharedCache();
    std::vector<rocksdb::ColumnFamilyDescriptor> families;
    for (const auto t : all_tables) families.emplace_back(std::string(name_of(t)), table_options(cache));
    rocksdb::DB* raw = nullptr;
    const auto options = database_options(how.create, accept_damaged_log);
    const auto path = how.path.string();
    auto status = read_only ? rocksdb::DB::OpenForReadOnly(options, path, families, &handles, &raw)
                            : rocksdb::DB::Open(options, path, families, &handles, &raw);
    db.reset(raw);
    return status;
  }
};

engine::engine(settings how) : how_(std::move(how)) {}
engine::~engine() = default;

expected<std::unique_ptr<engine>> engine::open(settings how) {
  std::unique_ptr<engine> made(new engine(std::move(how)));
  SMGW_CHECK(check_directory(made->how_));
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
