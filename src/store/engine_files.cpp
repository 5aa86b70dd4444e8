// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "store/engine_files.hpp"

#include "store/tuning.hpp"

#include <rocksdb/cache.h>
#include <rocksdb/db.h>
#include <rocksdb/env.h>
#include <rocksdb/filter_policy.h>
#include <rocksdb/table.h>

#include <cstdarg>
#include <string>

namespace smgw::store {
namespace {

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

}  // namespace

engine::files::files() = default;

engine::files::~files() {
  if (!db) return;
  for (auto* h : handles) db->DestroyColumnFamilyHandle(h).PermitUncheckedError();
  db->Close().PermitUncheckedError();
}

expected<void> engine::files::check_directory(const settings& how) {
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

rocksdb::Status engine::files::open(const settings& how, bool accept_damaged_log, bool read_only) {
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

}  // namespace smgw::store
