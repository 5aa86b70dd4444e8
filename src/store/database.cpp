// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#include "store/database.hpp"

#include "base/check.hpp"
#include "base/octets.hpp"
#include "store/core.hpp"
#include "store/tuning.hpp"

#include <algorithm>
#include <utility>

namespace smgw::store {

namespace {

/// Octets written after which the directory is measured again, so that a scan of it is not part of every commit.
constexpr std::uint64_t measure_every = 256UL * 1024;
/// Garbage worth a compaction when space is short: less would rewrite everything for nothing again and again.
constexpr std::uint64_t worth_compacting = 64UL * 1024;

/// Changes that give space back, or that are needed to get there.
bool only_frees(const batch& changes) {
  return std::ranges::all_of(changes.changes(), [](const change::any& c) {
    return std::holds_alternative<change::erase_entries>(c) || std::holds_alternative<change::erase_state>(c) ||
           std::holds_alternative<change::done>(c) || std::holds_alternative<change::truncate_log>(c) ||
           std::holds_alternative<change::erase_profile>(c);
  });
}
bool only_settles(const batch& changes) {
  return std::ranges::all_of(changes.changes(), [](const change::any& c) {
    return std::holds_alternative<change::attempt>(c) || std::holds_alternative<change::set_aside>(c) ||
           std::holds_alternative<change::put_back>(c) || std::holds_alternative<change::done>(c);
  });
}

}  // namespace

bytes schema_key() {
  bytes key;
  put(key, "schema");
  return key;
}

// --- opening

expected<database> database::open(options how) {
  SMGW_ASSERT(how.cipher != nullptr);
  if (how.schema == schema_of_schema) return fail(errc::unsupported, "store: not a schema version");
  auto state = std::make_unique<impl>(std::move(how));
  SMGW_CHECK(state->open());
  return database(std::move(state));
}

database::database(std::unique_ptr<impl> state) : impl_(std::move(state)) {}
database::database(database&&) noexcept = default;
database& database::operator=(database&&) noexcept = default;
database::~database() = default;

const opening_report& database::opening() const noexcept { return impl_->report; }

expected<void> database::impl::open() {
  SMGW_TRY(files, engine::open({how.path, how.create, how.accept_damaged_log}));
  report.log_was_damaged = files->log_was_damaged();
  report.migrated_from = how.schema;
  SMGW_CHECK(check_schema());
  SMGW_CHECK(load());
  SMGW_CHECK(measure());
  reclaimable = worth_compacting;  // not known; allows one compaction
  return {};
}

expected<void> database::impl::check_schema() {
  const auto key = schema_key();
  SMGW_TRY(const auto cell, files->get(table::meta, key));
  if (!cell) {
    // New, or its making was interrupted; but rows without a schema mean that somebody took it away.
    for (const auto t : all_tables) {
      SMGW_CHECK(files->scan(t, {}, {}, direction::ascending, [&](bytes_view row, bytes_view) -> expected<bool> {
        return distrust(t, row, "the row of the schema is missing");
      }));
    }
    SMGW_TRY(auto sealed, cells.seal(table::meta, key, encode_number(how.schema), schema_of_schema));
    const row_change first{table::meta, key, std::move(sealed), {}};
    report.created = true;
    return files->write({&first, 1}, true);
  }
  SMGW_TRY(const auto plain, cells.open(table::meta, key, *cell, schema_of_schema));
  SMGW_TRY(const auto found, decode_number(plain));
  if (found == how.schema) return {};
  if (found > how.schema)
    return fail(errc::unsupported, "store: written by a newer version (schema " + std::to_string(found) +
                                       ", here at most " + std::to_string(how.schema) + ")");
  report.migrated_from = static_cast<std::uint16_t>(found);
  return migrate(*files, cells, how, report.migrated_from);
}

expected<marks> database::impl::check_marks() const {
  marks last;
  SMGW_TRY(const auto all, get(table::meta, marks_key()));
  if (all) {
    SMGW_TRY(last, decode_marks(*all));
  }
  for (const auto t : all_tables) {
    if (t == table::meta) continue;
    std::uint64_t found = 0;
    SMGW_TRY(const auto own, get(t, own_mark_key()));
    if (own) {
      SMGW_TRY(found, decode_number(*own));
    }
    if (found != last.by_table[static_cast<std::size_t>(t)])
      return distrust(t, own_mark_key(), "the table is of another state than the rest; commits are missing");
  }
  return last;
}

expected<void> database::impl::load() {
  memory fresh;
  SMGW_TRY(fresh.last, check_marks());
  const auto each = [&](table t, const auto& take) {
    return files->scan(t, {}, {}, direction::ascending, [&](bytes_view key, bytes_view cell) -> expected<bool> {
      if (is_own_mark(key)) return true;
      SMGW_TRY(const auto plain, cells.open(t, key, cell));
      SMGW_CHECK(take(key, bytes_view{plain}));
      return true;
    });
  };
  const auto hidden = [](bytes_view key) {
    hidden_name name{};
    std::ranges::copy(key.first(std::min(key.size(), name.size())), name.begin());
    return name;
  };
  SMGW_CHECK(each(table::lists, [&](bytes_view key, bytes_view plain) -> expected<void> {
    SMGW_TRY(const auto list, decode_list(plain));
    fresh.lists.emplace(list, hidden(key));
    return {};
  }));
  SMGW_CHECK(each(table::logs, [&](bytes_view key, bytes_view plain) -> expected<void> {
    SMGW_TRY(const auto log, decode_range(plain));
    fresh.logs.emplace(log.log, memory::log{hidden(key), log.range});
    return {};
  }));
  SMGW_CHECK(each(table::outbox, [&](bytes_view, bytes_view plain) -> expected<void> {
    SMGW_TRY(const auto head, decode_head(plain));
    const auto& e = head.entry;
    fresh.outbox.put(e.sequence, {e.item.recipient, e.next_try, head.content_size, e.item.priority, e.set_aside});
    return {};
  }));
  SMGW_TRY(const auto next, get(table::meta, next_sequence_key()));
  if (next) {
    SMGW_TRY(fresh.next_sequence, decode_number(*next));
  }
  known = std::move(fresh);
  known_generation = files->generation();
  return {};
}

expected<std::optional<bytes>> database::impl::get(table where, const bytes& key) const {
  SMGW_TRY(const auto cell, files->get(where, key));
  if (!cell) return std::nullopt;
  return cells.open(where, key, *cell);
}

// --- committing

expected<void> database::impl::measure() {
  SMGW_TRY(measured, files->disk_bytes());
  since_measured = 0;
  return {};
}

expected<void> database::impl::make_room(const batch& changes) {
  if (only_frees(changes)) return {};
  const bool may_use_reserve = changes.may_use_reserve() || only_settles(changes);
  const auto limit = may_use_reserve ? how.max_bytes : how.max_bytes - std::min(how.max_bytes, how.reserve_bytes);
  // What is in the buffers of memory is in the log by now, and will be in a table file for a while as well.
  const auto fits = [&] { return measured + since_measured + changes.payload() + tuning::all_write_buffers <= limit; };
  if (since_measured >= measure_every || !fits()) SMGW_CHECK(measure());
  if (fits()) return {};
  if (reclaimable >= worth_compacting) {
    reclaimable = 0;
    SMGW_CHECK(files->compact());
    SMGW_CHECK(measure());
    if (fits()) return {};
  }
  return fail(errc::exhausted, "store: full: " + std::to_string(measured) + " of " + std::to_string(limit) + " octets");
}

expected<receipt> database::impl::commit(const batch& changes, durability how_durable) {
  if (changes.empty()) return receipt{};
  if (changes.size() > max_batch_changes || changes.payload() > max_batch_bytes)
    return fail(errc::exhausted, "store: the batch is too large");
  SMGW_CHECK(files->ensure_open());
  if (files->generation() != known_generation) SMGW_CHECK(load());
  SMGW_CHECK(make_room(changes));
  step work(*files, cells, known, how.outbox);
  for (const auto& c : changes.changes()) SMGW_CHECK(std::visit([&](const auto& one) { return work.apply(one); }, c));
  SMGW_CHECK(work.finish());
  if (!work.rows().empty()) SMGW_CHECK(files->write(work.rows(), how_durable == durability::synced));
  since_measured += changes.payload();
  reclaimable += work.freed();
  auto result = std::move(work.result());
  std::move(work).settle(known);
  return result;
}

expected<receipt> database::commit(const batch& changes, durability how) {
  const std::scoped_lock guard(impl_->lock);
  return impl_->commit(changes, how);
}

// --- one change at a time

namespace {
expected<void> only(expected<receipt> r) {
  if (!r) return std::unexpected(std::move(r).error());
  if (!r->conflicts.empty()) return fail(errc::conflict, "store: the slot holds another entry");
  return {};
}
}  // namespace

expected<void> database::append(std::chrono::seconds period, list_entry entry) {
  return only(commit(batch{}.append(period, std::move(entry))));
}
expected<void> database::erase_entries(const list_name& list, timestamp from, timestamp to) {
  return only(commit(batch{}.erase_entries(list, from, to)));
}
expected<void> database::put_state(std::string name, bytes value) {
  return only(commit(batch{}.put_state(std::move(name), std::move(value))));
}
expected<std::uint64_t> database::enqueue(outbox_item item) {
  SMGW_TRY(const auto made, commit(batch{}.enqueue(std::move(item))));
  return made.sequences.front();
}
expected<void> database::record_attempt(std::uint64_t sequence, timestamp next_try, std::string last_error) {
  return only(commit(batch{}.record_attempt(sequence, next_try, std::move(last_error))));
}
expected<void> database::done(std::uint64_t sequence) { return only(commit(batch{}.done(sequence))); }
expected<void> database::set_aside(std::uint64_t sequence, std::string reason) {
  return only(commit(batch{}.set_aside(sequence, std::move(reason))));
}
expected<void> database::append_record(std::string log, std::uint64_t number, bytes content) {
  return only(commit(batch{}.append_record(std::move(log), number, std::move(content))));
}
expected<void> database::truncate_log(std::string log, std::uint64_t up_to) {
  return only(commit(batch{}.truncate_log(std::move(log), up_to)));
}
expected<void> database::put_profile(std::string name, std::uint32_t version, bytes json) {
  return only(commit(batch{}.put_profile(std::move(name), version, std::move(json))));
}
expected<void> database::erase_profile(std::string name) {
  return only(commit(batch{}.erase_profile(std::move(name))));
}

}  // namespace smgw::store
