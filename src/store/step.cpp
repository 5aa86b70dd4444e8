// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#include "store/step.hpp"

#include "base/check.hpp"
#include "base/octets.hpp"

#include <algorithm>
#include <utility>

namespace smgw::store {

namespace {
constexpr std::uint64_t row_overhead = 64;  ///< key, seal and framing of a row on disk

expected<void> check_name(std::string_view name, std::string_view what) {
  if (name.empty()) return fail(errc::malformed, "store: empty name of a " + std::string(what));
  if (name.size() > max_name) return fail(errc::exhausted, "store: name of a " + std::string(what) + " is too long");
  return {};
}
expected<void> check_size(std::size_t size, std::size_t limit, std::string_view what) {
  if (size > limit) return fail(errc::exhausted, "store: a " + std::string(what) + " is too large");
  return {};
}
}  // namespace

// --- rows

expected<std::optional<bytes>> step::get(table where, const bytes& key) const {
  if (const auto it = written_.find({where, key}); it != written_.end()) return it->second;
  for (const auto& r : erased_)
    if (r.where == where && r.from <= key && key < r.until) return std::nullopt;
  SMGW_TRY(const auto cell, files_.get(where, key));
  if (!cell) return std::nullopt;
  return cells_.open(where, key, *cell);
}

expected<void> step::put(table where, bytes key, bytes plaintext) {
  SMGW_TRY(auto cell, cells_.seal(where, key, plaintext));
  rows_.push_back({where, key, std::move(cell), {}});
  written_[{where, std::move(key)}] = std::move(plaintext);
  return {};
}

void step::erase(table where, bytes key) {
  rows_.push_back({where, key, {}, {}});
  written_[{where, std::move(key)}] = std::nullopt;
  freed_ += row_overhead;
}

void step::erase_range(table where, bytes from, bytes until) {
  if (until <= from) return;
  written_.erase(written_.lower_bound({where, from}), written_.lower_bound({where, until}));
  rows_.push_back({where, from, {}, until});
  erased_.push_back({where, std::move(from), std::move(until)});
  freed_ += 64 * row_overhead;  // unknown, but more than one
}

// --- readings

expected<hidden_name> step::list_key(const list_name& list, bool create) {
  if (const auto it = known_.lists.find(list); it != known_.lists.end()) return it->second;
  if (const auto it = new_lists_.find(list); it != new_lists_.end()) return it->second;
  const auto name = encode(list);
  SMGW_TRY(const auto key, cells_.hide(table::lists, name));
  if (!create) return key;
  if (known_.lists.size() + new_lists_.size() >= max_lists) return fail(errc::exhausted, "store: too many lists");
  SMGW_CHECK(put(table::lists, row_key(key), name));
  new_lists_.emplace(list, key);
  return key;
}

expected<void> step::apply(const change::append_entry& c) {
  const auto& e = c.entry;
  if (e.value.meter.empty() || c.period <= std::chrono::seconds{0})
    return fail(errc::malformed, "store: an entry needs a meter and a period");
  SMGW_CHECK(check_size(e.signature.size(), max_signature, "signature"));
  const list_name list{e.value.meter, e.value.register_name, c.period};
  SMGW_TRY(const auto name, list_key(list, true));
  auto key = row_key(name, e.target);
  auto plain = encode(c.period, e);
  SMGW_TRY(const auto present, get(table::readings, key));
  if (!present) return put(table::readings, std::move(key), std::move(plain));
  if (*present != plain) result_.conflicts.push_back({list, e.target});
  return {};
}

expected<void> step::apply(const change::erase_entries& c) {
  if (c.to <= c.from) return {};
  SMGW_TRY(const auto name, list_key(c.list, false));
  erase_range(table::readings, row_key(name, c.from), row_key(name, c.to));
  return {};
}

// --- state

expected<void> step::apply(const change::put_state& c) {
  SMGW_CHECK(check_name(c.name, "state"));
  SMGW_CHECK(check_size(c.value.size(), max_state, "state"));
  SMGW_TRY(const auto key, cells_.hide(table::state, as_bytes(c.name)));
  freed_ += row_overhead + c.value.size();  // of the value before, which is of like size
  return put(table::state, row_key(key), encode_state(c.name, c.value));
}

expected<void> step::apply(const change::erase_state& c) {
  SMGW_CHECK(check_name(c.name, "state"));
  SMGW_TRY(const auto key, cells_.hide(table::state, as_bytes(c.name)));
  erase(table::state, row_key(key));
  return {};
}

// --- ledgers

expected<memory::log> step::log_state(const std::string& name) const {
  if (const auto it = logs_.find(name); it != logs_.end()) return it->second;
  if (const auto it = known_.logs.find(name); it != known_.logs.end()) return it->second;
  const auto fresh = std::ranges::count_if(logs_, [&](const auto& l) { return !known_.logs.contains(l.first); });
  if (known_.logs.size() + static_cast<std::size_t>(fresh) >= max_logs)
    return fail(errc::exhausted, "store: too many ledgers");
  SMGW_TRY(const auto key, cells_.hide(table::ledger, as_bytes(name)));
  return memory::log{key, {}};
}

expected<void> step::apply(const change::append_record& c) {
  SMGW_CHECK(check_name(c.log, "ledger"));
  SMGW_CHECK(check_size(c.content.size(), max_record, "record"));
  SMGW_TRY(auto log, log_state(c.log));
  auto key = row_key(log.key, c.number);
  if (c.number == log.range.last && log.range.first <= log.range.last) {
    SMGW_TRY(const auto present, get(table::ledger, key));
    if (present == c.content) return {};
  }
  if (c.number != log.range.last + 1)
    return fail(errc::conflict, "store: record " + std::to_string(c.number) + " does not follow record " +
                                    std::to_string(log.range.last) + " of the ledger");
  log.range.last = c.number;
  logs_[c.log] = log;
  return put(table::ledger, std::move(key), c.content);
}

expected<void> step::apply(const change::truncate_log& c) {
  SMGW_CHECK(check_name(c.log, "ledger"));
  SMGW_TRY(auto log, log_state(c.log));
  const auto up_to = std::min(c.up_to, log.range.last);
  if (up_to < log.range.first) return {};
  erase_range(table::ledger, row_key(log.key, log.range.first), row_key(log.key, up_to + 1));
  log.range.first = up_to + 1;
  logs_[c.log] = log;
  return {};
}

// --- profiles

expected<std::optional<profile_blob>> step::newest_profile(const hidden_name& name) const {
  // Versions sort ascending; what this batch wrote is looked at first, for it can only be newer.
  const auto from = row_key(name);
  const auto until = after_rows(name);
  for (auto it = written_.lower_bound({table::profiles, until}); it != written_.begin();) {
    --it;
    if (it->first.first != table::profiles || it->first.second < from) break;
    if (it->second) return decode_profile(*it->second);
  }
  for (const auto& r : erased_)
    if (r.where == table::profiles && r.from == from) return std::nullopt;
  std::optional<profile_blob> found;
  SMGW_CHECK(files_.scan(table::profiles, from, until, direction::descending,
                         [&](bytes_view key, bytes_view cell) -> expected<bool> {
                           SMGW_TRY(const auto plain, cells_.open(table::profiles, key, cell));
                           SMGW_TRY(found, decode_profile(plain));
                           return false;
                         }));
  return found;
}

expected<void> step::apply(const change::put_profile& c) {
  SMGW_CHECK(check_name(c.name, "profile"));
  SMGW_CHECK(check_size(c.json.size(), max_profile, "profile"));
  SMGW_TRY(const auto name, cells_.hide(table::profiles, as_bytes(c.name)));
  SMGW_TRY(const auto newest, newest_profile(name));
  if (newest && newest->version == c.version && newest->json == c.json) return {};
  if (newest && newest->version >= c.version)
    return fail(errc::conflict, "store: version " + std::to_string(c.version) + " of a profile is not newer than " +
                                    std::to_string(newest->version));
  return put(table::profiles, row_key(name, std::uint64_t{c.version}), encode_profile(c.name, c.version, c.json));
}

expected<void> step::apply(const change::erase_profile& c) {
  SMGW_CHECK(check_name(c.name, "profile"));
  SMGW_TRY(const auto name, cells_.hide(table::profiles, as_bytes(c.name)));
  erase_range(table::profiles, row_key(name), after_rows(name));
  return {};
}

// --- the end

bytes marks_key() {
  bytes key;
  smgw::put(key, "marks");
  return key;
}
bytes own_mark_key() { return {0}; }
bool is_own_mark(bytes_view key) noexcept { return key.size() == 1 && key[0] == 0; }

bytes encode_marks(const marks& m) {
  bytes out;
  put_be(out, m.commit);
  for (const auto n : m.by_table) put_be(out, n);
  return out;
}
expected<marks> decode_marks(bytes_view in) {
  marks m;
  SMGW_TRY(m.commit, take_be<std::uint64_t>(in));
  for (auto& n : m.by_table) {
    SMGW_TRY(n, take_be<std::uint64_t>(in));
  }
  if (!in.empty()) return fail(errc::malformed, "store: octets behind the end of a cell");
  return m;
}

bytes next_sequence_key() {
  bytes key;
  smgw::put(key, "next sequence");
  return key;
}

expected<void> step::finish() {
  for (const auto& [name, log] : logs_) SMGW_CHECK(put(table::logs, row_key(log.key), encode_range(name, log.range)));
  if (next_sequence_ != known_.next_sequence)
    SMGW_CHECK(put(table::meta, next_sequence_key(), encode_number(next_sequence_)));
  if (rows_.empty()) return {};
  ++marks_.commit;
  std::set<table> touched;
  for (const auto& r : rows_) touched.insert(r.where);
  touched.erase(table::meta);
  for (const auto t : touched) {
    marks_.by_table[static_cast<std::size_t>(t)] = marks_.commit;
    SMGW_CHECK(put(t, own_mark_key(), encode_number(marks_.commit)));
  }
  return put(table::meta, marks_key(), encode_marks(marks_));
}

void step::settle(memory& known) && {
  known.lists.merge(new_lists_);
  for (auto& [name, log] : logs_) known.logs[name] = log;
  for (auto& [sequence, now] : places_) {
    if (now)
      known.outbox.put(sequence, std::move(*now));
    else
      known.outbox.erase(sequence);
  }
  known.next_sequence = next_sequence_;
  known.last = marks_;
}

}  // namespace smgw::store
