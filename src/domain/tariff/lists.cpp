// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "domain/tariff/lists.hpp"

#include "base/check.hpp"
#include "domain/calendar/periods.hpp"
#include "domain/tariff/state.hpp"

#include <algorithm>

namespace smgw::tariff {
namespace {

/// Gathers the rows of one list while a contract consumes.
class gatherer {
 public:
  gatherer(list_kind kind, timestamp from, timestamp to) : kind_(kind), from_(from), to_(to) {}

  void see(const step& s, std::optional<register_row> now) {
    if (is_kept(kind_)) {
      for (const auto& kept : s.rows)
        if (kept.kind == kind_) put(kept.row);
      return;
    }
    if (!now || (last_ && last_->at == now->at)) return;
    if (kind_ == list_kind::derived) put(*now);
    if (kind_ == list_kind::switches && last_ && now->stage != last_->stage) {
      auto at_switch = *last_;
      at_switch.stage = now->stage;
      put(std::move(at_switch));
    }
    last_ = std::move(now);
  }
  [[nodiscard]] std::vector<register_row> take() { return std::move(rows_); }

 private:
  void put(register_row r) {
    if (r.at >= from_ && r.at <= to_) rows_.push_back(std::move(r));
  }
  list_kind kind_;
  timestamp from_;
  timestamp to_;
  std::optional<register_row> last_;
  std::vector<register_row> rows_;
};

}  // namespace

bool has_registers(const profile::evaluation& p) noexcept {
  const auto taf = p.taf == 13 ? p.shown : p.taf;
  return taf >= 1 && taf <= 5;
}

expected<std::vector<register_row>> replay(contract& c, std::span<const list_entry> entries, list_kind kind,
                                           timestamp from, timestamp to) {
  if (!has_registers(c.profile())) return fail(errc::unsupported, "this tariff use case forms no registers");
  gatherer rows{kind, from, to};
  rows.see({}, c.levels());
  for (const auto& e : entries) {
    if (e.target > to) continue;
    SMGW_TRY(const auto s, c.consume(e));
    rows.see(s, c.levels());
  }
  return rows.take();
}

expected<std::vector<timestamp>> instants(const profile::evaluation& p, list_kind kind, timestamp from, timestamp to,
                                          std::size_t limit) {
  if (!is_kept(kind)) return fail(errc::unsupported, "this list is formed anew, not kept");
  SMGW_TRY(const auto zone, calendar::legal_time::load());
  std::vector<timestamp> all;
  from = std::max(from, p.valid_from);
  const auto last = std::min(to, p.valid_until.value_or(timestamp::max()));
  if (kind == list_kind::billing) {
    const calendar::periods periods{p.billing, p.valid_from, zone};
    for (auto t = periods.next(from - std::chrono::milliseconds{1}); t <= last && all.size() < limit;
         t = periods.next(t))
      all.push_back(t);
    // Where validity ends, the last period ends as well.
    if (p.valid_until && last == *p.valid_until && from <= last && (all.empty() || all.back() < last))
      all.push_back(last);
    return all;
  }
  for (auto day = zone.day_of(from); all.size() < limit; day += std::chrono::days{1}) {
    const auto t = zone.to_utc(day + p.day_start);
    if (t > last) break;
    if (t >= from) all.push_back(t);
  }
  return all;
}

bytes encode(const register_row& row) {
  bytes out;
  put_time(out, row.at);
  put_count(out, row.stage ? *row.stage + 1 : 0);
  put_count(out, row.registers.size());
  for (const auto& e : row.registers) put_entry(out, e);
  return out;
}

expected<register_row> decode_row(bytes_view in) {
  state_reader r{in};
  register_row row{.at = r.read_time(), .stage = {}, .registers = {}};
  if (const auto stage = r.read_count(); stage != 0) row.stage = static_cast<unsigned>(stage - 1);
  for (auto n = r.read_count(); n > 0 && r.good(); --n) row.registers.push_back(r.read_entry());
  SMGW_CHECK(r.done());
  return row;
}

}  // namespace smgw::tariff
