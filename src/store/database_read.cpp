// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#include "base/check.hpp"
#include "base/octets.hpp"
#include "store/core.hpp"

#include <algorithm>
#include <utility>

namespace smgw::store {

namespace {
/// The seal binds a cell to its row; this binds the row to what was asked for.
expected<list_entry> entry_in(const list_name& list, bytes_view key, const stored_entry& s) {
  auto at = key.subspan(std::min(key.size(), std::tuple_size_v<hidden_name>));
  SMGW_TRY(const auto target, take_sorted(at));
  const auto& e = s.entry;
  if (e.target != target || s.period != list.period || e.value.meter != list.meter ||
      e.value.register_name != list.register_name)
    return distrust(table::readings, key, "another entry than its row says");
  return e;
}
}  // namespace

// --- readings

expected<std::size_t> database::scan(const list_name& list, timestamp from, timestamp to, std::size_t limit,
                                     const std::function<bool(const list_entry&)>& each) const {
  std::size_t told = 0;
  for (;;) {
    std::vector<list_entry> page;
    {
      const std::scoped_lock guard(impl_->lock);
      const auto known = impl_->known.lists.find(list);
      if (known == impl_->known.lists.end() || to <= from) return told;
      const auto want = std::min(limit - told, scan_page);
      if (want == 0) return told;
      SMGW_CHECK(impl_->files->scan(table::readings, row_key(known->second, from), row_key(known->second, to),
                                    direction::ascending, [&](bytes_view key, bytes_view cell) -> expected<bool> {
                                      SMGW_TRY(const auto plain, impl_->cells.open(table::readings, key, cell));
                                      SMGW_TRY(const auto stored, decode_entry(plain));
                                      SMGW_TRY(auto entry, entry_in(list, key, stored));
                                      page.push_back(std::move(entry));
                                      return page.size() < want;
                                    }));
      if (page.empty()) return told;
    }
    for (const auto& entry : page) {
      ++told;
      if (!each(entry)) return told;
    }
    if (page.size() < scan_page) return told;
    from = page.back().target + std::chrono::milliseconds{1};
  }
}

expected<std::vector<list_entry>> database::entries(const list_name& list, timestamp from, timestamp to,
                                                    std::size_t limit) const {
  std::vector<list_entry> out;
  SMGW_CHECK(scan(list, from, to, std::min(limit, max_page), [&](const list_entry& e) {
    out.push_back(e);
    return true;
  }));
  return out;
}

expected<std::optional<list_entry>> database::entry(const slot& at) const {
  const std::scoped_lock guard(impl_->lock);
  const auto known = impl_->known.lists.find(at.list);
  if (known == impl_->known.lists.end()) return std::nullopt;
  const auto key = row_key(known->second, at.target);
  SMGW_TRY(const auto plain, impl_->get(table::readings, key));
  if (!plain) return std::nullopt;
  SMGW_TRY(const auto stored, decode_entry(*plain));
  return entry_in(at.list, key, stored);
}

expected<std::optional<list_entry>> database::last_entry(const list_name& list) const {
  const std::scoped_lock guard(impl_->lock);
  const auto known = impl_->known.lists.find(list);
  if (known == impl_->known.lists.end()) return std::nullopt;
  std::optional<list_entry> found;
  SMGW_CHECK(impl_->files->scan(table::readings, row_key(known->second), after_rows(known->second),
                                direction::descending, [&](bytes_view key, bytes_view cell) -> expected<bool> {
                                  SMGW_TRY(const auto plain, impl_->cells.open(table::readings, key, cell));
                                  SMGW_TRY(const auto stored, decode_entry(plain));
                                  SMGW_TRY(found, entry_in(list, key, stored));
                                  return false;
                                }));
  return found;
}

std::vector<list_name> database::lists() const {
  const std::scoped_lock guard(impl_->lock);
  std::vector<list_name> out;
  for (const auto& [list, key] : impl_->known.lists) out.push_back(list);
  return out;
}

// --- state

expected<std::optional<bytes>> database::state(std::string_view name) const {
  const std::scoped_lock guard(impl_->lock);
  SMGW_TRY(const auto hidden, impl_->cells.hide(table::state, as_bytes(name)));
  const auto key = row_key(hidden);
  SMGW_TRY(const auto plain, impl_->get(table::state, key));
  if (!plain) return std::nullopt;
  SMGW_TRY(auto stored, decode_state(*plain));
  if (stored.name != name) return distrust(table::state, key, "of another name");
  return std::move(stored.value);
}

// --- outbox

expected<std::optional<outbox_entry>> database::impl::item(std::uint64_t sequence) const {
  const auto key = row_key(sequence);
  if (known.outbox.find(sequence) == nullptr) return std::nullopt;
  SMGW_TRY(const auto plain, get(table::outbox, key));
  if (!plain) return distrust(table::outbox, key, "missing");
  SMGW_TRY(auto head, decode_head(*plain));
  SMGW_TRY(auto content, get(table::content, key));
  if (!content) return distrust(table::content, key, "missing");
  if (head.entry.sequence != sequence || content->size() != head.content_size)
    return distrust(table::content, key, "another content than its head says");
  head.entry.item.content = std::move(*content);
  return std::move(head.entry);
}

expected<std::vector<outbox_entry>> database::due(std::string_view recipient, timestamp now, std::size_t limit) const {
  const std::scoped_lock guard(impl_->lock);
  std::vector<outbox_entry> out;
  for (const auto sequence : impl_->known.outbox.due(recipient, now, limit)) {
    SMGW_TRY(auto found, impl_->item(sequence));
    if (found) out.push_back(std::move(*found));
  }
  return out;
}

expected<std::optional<outbox_entry>> database::item(std::uint64_t sequence) const {
  const std::scoped_lock guard(impl_->lock);
  return impl_->item(sequence);
}

std::vector<std::uint64_t> database::set_aside_items(std::string_view recipient) const {
  const std::scoped_lock guard(impl_->lock);
  return impl_->known.outbox.set_aside(recipient);
}
outbox_count database::count(std::string_view recipient) const {
  const std::scoped_lock guard(impl_->lock);
  return impl_->known.outbox.count(recipient);
}
outbox_count database::count_all() const {
  const std::scoped_lock guard(impl_->lock);
  return impl_->known.outbox.count_all();
}
std::vector<std::string> database::recipients() const {
  const std::scoped_lock guard(impl_->lock);
  return impl_->known.outbox.recipients();
}

// --- ledgers

expected<std::vector<log_record>> database::records(std::string_view log, std::uint64_t from, std::size_t limit) const {
  const std::scoped_lock guard(impl_->lock);
  std::vector<log_record> out;
  const auto known = impl_->known.logs.find(log);
  if (known == impl_->known.logs.end() || limit == 0) return out;
  const auto& [name, range] = known->second;
  auto expect = std::max(from, range.first);
  if (expect > range.last) return out;
  const auto end = std::min<std::uint64_t>(range.last, expect + std::min(limit, max_page) - 1);
  SMGW_CHECK(impl_->files->scan(table::ledger, row_key(name, expect), row_key(name, end + 1), direction::ascending,
                                [&](bytes_view key, bytes_view cell) -> expected<bool> {
                                  if (!std::ranges::equal(key, row_key(name, expect))) return false;
                                  SMGW_TRY(auto plain, impl_->cells.open(table::ledger, key, cell));
                                  out.push_back({expect++, std::move(plain)});
                                  return true;
                                }));
  if (expect <= end) return distrust(table::ledger, row_key(name, expect), "record missing");
  return out;
}

expected<std::optional<log_record>> database::last_record(std::string_view log) const {
  const auto r = range(log);
  if (r.last < r.first) return std::nullopt;
  SMGW_TRY(auto found, records(log, r.last, 1));
  if (found.empty()) return std::nullopt;  // truncated between the two looks
  return std::move(found.front());
}

log_range database::range(std::string_view log) const {
  const std::scoped_lock guard(impl_->lock);
  const auto known = impl_->known.logs.find(log);
  return known == impl_->known.logs.end() ? log_range{} : known->second.range;
}

std::vector<std::string> database::logs() const {
  const std::scoped_lock guard(impl_->lock);
  std::vector<std::string> out;
  for (const auto& [name, log] : impl_->known.logs) out.push_back(name);
  return out;
}

// --- profiles

expected<std::optional<profile_blob>> database::profile(std::string_view name,
                                                        std::optional<std::uint32_t> version) const {
  const std::scoped_lock guard(impl_->lock);
  SMGW_TRY(const auto hidden, impl_->cells.hide(table::profiles, as_bytes(name)));
  const auto from = version ? row_key(hidden, std::uint64_t{*version}) : row_key(hidden);
  const auto until = version ? row_key(hidden, std::uint64_t{*version} + 1) : after_rows(hidden);
  std::optional<profile_blob> found;
  SMGW_CHECK(impl_->files->scan(table::profiles, from, until, direction::descending,
                                [&](bytes_view key, bytes_view cell) -> expected<bool> {
                                  SMGW_TRY(const auto plain, impl_->cells.open(table::profiles, key, cell));
                                  SMGW_TRY(found, decode_profile(plain));
                                  if (found->name != name) return distrust(table::profiles, key, "of another name");
                                  return false;
                                }));
  return found;
}

expected<std::vector<profile_blob>> database::profiles() const {
  const std::scoped_lock guard(impl_->lock);
  std::map<std::string, profile_blob> newest;
  SMGW_CHECK(impl_->files->scan(table::profiles, {}, {}, direction::ascending,
                                [&](bytes_view key, bytes_view cell) -> expected<bool> {
                                  if (is_own_mark(key)) return true;
                                  SMGW_TRY(const auto plain, impl_->cells.open(table::profiles, key, cell));
                                  SMGW_TRY(auto p, decode_profile(plain));
                                  auto name = p.name;
                                  newest.insert_or_assign(std::move(name), std::move(p));
                                  return true;
                                }));
  std::vector<profile_blob> out;
  for (auto& [name, p] : newest) out.push_back(std::move(p));
  return out;
}

}  // namespace smgw::store
