// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#include "base/check.hpp"
#include "base/hex.hpp"
#include "store/core.hpp"

#include <algorithm>

namespace smgw::store {

namespace {

/// Whether the plain text of a cell is one that its table may hold.
expected<void> decodes(table t, bytes_view key, bytes_view plain) {
  const auto check = [](auto decoded) -> expected<void> {
    if (!decoded) return std::unexpected(std::move(decoded).error());
    return {};
  };
  if (is_own_mark(key)) return check(decode_number(plain));
  switch (t) {
    case table::readings: return check(decode_entry(plain));
    case table::lists: return check(decode_list(plain));
    case table::state: return check(decode_state(plain));
    case table::outbox: return check(decode_head(plain));
    case table::logs: return check(decode_range(plain));
    case table::profiles: return check(decode_profile(plain));
    case table::meta:
      if (std::ranges::equal(key, marks_key())) return check(decode_marks(plain));
      return check(decode_number(plain));
    case table::content:
    case table::ledger: return {};
  }
  return {};
}

}  // namespace

expected<usage_report> database::usage() const {
  const std::scoped_lock guard(impl_->lock);
  SMGW_TRY(const auto used, impl_->files->disk_bytes());
  return usage_report{used, impl_->how.max_bytes, impl_->how.reserve_bytes};
}

std::uint64_t database::commits() const {
  const std::scoped_lock guard(impl_->lock);
  return impl_->known.last.commit;
}

expected<void> database::compact() {
  const std::scoped_lock guard(impl_->lock);
  SMGW_CHECK(impl_->files->compact());
  impl_->reclaimable = 0;
  return impl_->measure();
}

expected<verification> database::verify(std::size_t max_faults) const {
  verification found;
  const auto add = [&](std::string_view where, bytes_view key, error why) {
    if (found.faults.size() < max_faults) found.faults.push_back({std::string(where), to_hex(key), std::move(why)});
    return found.faults.size() < max_faults;
  };
  if (max_faults == 0) return found;
  {
    const std::scoped_lock guard(impl_->lock);
    if (auto files = impl_->files->check_files(); !files) add({}, {}, std::move(files).error());
  }
  for (const auto t : all_tables) {
    bytes from;
    for (bool more = true; more;) {
      const std::scoped_lock guard(impl_->lock);  // per page, so that others get their turn
      std::size_t rows = 0;
      more = false;
      const auto walked =
          impl_->files->scan(t, from, {}, direction::ascending, [&](bytes_view key, bytes_view cell) -> expected<bool> {
            ++found.cells;
            const bool schema = t == table::meta && std::ranges::equal(key, schema_key());
            const auto plain = impl_->cells.open(t, key, cell, schema ? schema_of_schema : impl_->cells.schema());
            const auto sound = plain ? decodes(t, key, *plain) : std::unexpected(plain.error());
            if (!sound && !add(name_of(t), key, sound.error())) return false;
            from.assign(key.begin(), key.end());
            from.push_back(0);
            more = ++rows == scan_page;
            return !more;
          });
      if (!walked) add(name_of(t), from, walked.error());
    }
  }
  const std::scoped_lock guard(impl_->lock);
  if (auto fits = impl_->check_marks(); !fits) add({}, {}, std::move(fits).error());
  for (const auto& [name, log] : impl_->known.logs) {
    for (auto n = log.range.first; n <= log.range.last && found.faults.size() < max_faults; ++n) {
      const auto key = row_key(log.key, n);
      const auto cell = impl_->files->get(table::ledger, key);
      if (cell && !*cell) add(name_of(table::ledger), key, {errc::untrusted, "store: record missing"});
    }
  }
  for (const auto& name : impl_->known.outbox.recipients())
    for (const auto n : impl_->known.outbox.due(name, timestamp::max(), max_page))
      if (const auto item = impl_->item(n); !item && item.error().code == errc::untrusted)
        add(name_of(table::content), row_key(n), item.error());
  return found;
}

}  // namespace smgw::store
