// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#include "base/check.hpp"
#include "store/core.hpp"

#include <algorithm>

namespace smgw::store {

namespace {

/// Cells rewritten with one sync: bounds the memory, and what is done again after a crash.
constexpr std::size_t cells_per_write = 256;

/// One step at work. Cells carry their version, so those that are done already are told apart after a crash.
class rewriter final : public migration {
 public:
  rewriter(engine& files, const vault& cells, std::uint16_t from, std::uint16_t to)
      : files_(files), cells_(cells), from_(from), to_(to) {}

  expected<void> rewrite_table(std::string_view name, const rewrite& each) override {
    const auto t = std::ranges::find(all_tables, name, name_of);
    if (t == all_tables.end()) return fail(errc::unsupported, "store: there is no table " + std::string(name));
    return rewrite_rows(*t, each);
  }

  /// Seals as they are whatever cells the step left at the old version.
  expected<void> rest() {
    for (const auto t : all_tables) SMGW_CHECK(rewrite_rows(t, as_it_is));
    return {};
  }

 private:
  static expected<std::optional<bytes>> as_it_is(bytes_view, bytes_view plain) {
    return bytes(plain.begin(), plain.end());
  }

  expected<void> rewrite_rows(table t, const rewrite& each) {
    bytes from;
    for (;;) {
      std::vector<std::pair<bytes, bytes>> page;
      SMGW_CHECK(files_.scan(t, from, {}, direction::ascending, [&](bytes_view key, bytes_view cell) -> expected<bool> {
        if (t != table::meta || !std::ranges::equal(key, schema_key()))
          page.emplace_back(bytes(key.begin(), key.end()), bytes(cell.begin(), cell.end()));
        return page.size() < cells_per_write;
      }));
      if (page.empty()) return {};
      std::vector<row_change> rows;
      for (auto& [key, cell] : page) {
        if (vault::version_of(cell) == to_) continue;
        SMGW_TRY(const auto plain, cells_.open(t, key, cell, from_));
        SMGW_TRY(const auto now, is_own_mark(key) ? as_it_is(key, plain) : each(key, plain));
        row_change row{t, key, {}, {}};
        if (now) {
          SMGW_TRY(row.value, cells_.seal(t, key, *now, to_));
        }
        rows.push_back(std::move(row));
      }
      if (!rows.empty()) SMGW_CHECK(files_.write(rows, true));
      from = page.back().first;
      from.push_back(0);  // the next possible key
    }
  }

  engine& files_;
  const vault& cells_;
  std::uint16_t from_, to_;
};

}  // namespace

expected<void> migrate(engine& files, const vault& cells, const options& how, std::uint16_t from) {
  while (from != how.schema) {
    const auto next = std::ranges::find_if(
        how.migrations, [&](const migration_step& s) { return s.from == from && s.to > from && s.to <= how.schema; });
    if (next == how.migrations.end())
      return fail(errc::unsupported, "store: no migration leads from schema " + std::to_string(from) + " to " +
                                         std::to_string(how.schema));
    rewriter work(files, cells, from, next->to);
    SMGW_CHECK(next->apply(work));
    SMGW_CHECK(work.rest());
    SMGW_TRY(auto sealed, cells.seal(table::meta, schema_key(), encode_number(next->to), schema_of_schema));
    const row_change done{table::meta, schema_key(), std::move(sealed), {}};
    SMGW_CHECK(files.write({&done, 1}, true));
    from = next->to;
  }
  return {};
}

}  // namespace smgw::store
