// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "domain/retention/known.hpp"

#include "base/check.hpp"
#include "domain/tariff/state.hpp"

#include <algorithm>

namespace smgw::retention {

void meet(std::vector<known_contract>& known, const std::vector<profile::evaluation>& now_there, timestamp now) {
  for (auto& k : known) {
    const bool there = std::ranges::find(now_there, k.id, &profile::evaluation::id) != now_there.end();
    if (there) k.missing_since.reset();
    if (!there && !k.missing_since) k.missing_since = now;
  }
  for (const auto& e : now_there) {
    auto found = std::ranges::find(known, e.id, &known_contract::id);
    if (found == known.end() && known.size() < max_known) {
      known.push_back({.id = e.id, .billing = {}, .rows_from = e.valid_from, .missing_since = {}});
      found = known.end() - 1;
    }
    if (found == known.end()) continue;
    found->billing = e.billing;
    found->valid_from = e.valid_from;
    found->day_start = e.day_start;
  }
}

profile::evaluation as_profile(const known_contract& k) {
  profile::evaluation e;
  e.id = k.id;
  e.billing = k.billing;
  e.valid_from = k.valid_from;
  e.day_start = k.day_start;
  return e;
}

bytes encode(const std::vector<known_contract>& known) {
  bytes out;
  tariff::put_count(out, known.size());
  for (const auto& k : known) {
    tariff::put_text(out, k.id);
    tariff::put_count(out, k.billing.months);
    tariff::put_count(out, k.billing.days);
    put_be(out, static_cast<std::uint32_t>(k.billing.seconds.count()));
    tariff::put_time(out, k.valid_from);
    put_be(out, static_cast<std::uint32_t>(k.day_start.count()));
    tariff::put_time(out, k.rows_from);
    tariff::put_flag(out, k.missing_since.has_value());
    if (k.missing_since) tariff::put_time(out, *k.missing_since);
  }
  return out;
}

expected<std::vector<known_contract>> decode_known(bytes_view in) {
  tariff::state_reader r{in};
  std::vector<known_contract> known;
  for (auto n = r.read_count(); n > 0 && r.good(); --n) {
    known_contract k;
    k.id = r.read_text();
    k.billing.months = static_cast<unsigned>(r.read_count());
    k.billing.days = static_cast<unsigned>(r.read_count());
    k.billing.seconds = std::chrono::seconds{r.read_bits()};
    k.valid_from = r.read_time();
    k.day_start = std::chrono::seconds{r.read_bits()};
    k.rows_from = r.read_time();
    if (r.read_flag()) k.missing_since = r.read_time();
    if (!k.billing.valid()) r.refuse();
    known.push_back(std::move(k));
  }
  SMGW_CHECK(r.done());
  return known;
}

}  // namespace smgw::retention
