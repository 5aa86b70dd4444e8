// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "domain/tariff/series.hpp"

namespace smgw::tariff {

series::series(profile::evaluation p, calendar::span length, calendar::legal_time zone, std::uint32_t marks, bool keep)
    : engine(std::move(p), length, zone), collected_(profile().inputs.size()), marks_(marks), keep_(keep) {}

expected<void> series::on_row(row& r, step&) {
  for (std::size_t i = 0; i < collected_.size(); ++i)
    if (auto& e = r.entries[i]) {
      e->value.status.smgw |= marks_;
      collected_[i].push_back(*std::move(e));
    }
  return {};
}

expected<void> series::on_period(timestamp from, timestamp to, step& out) {
  for (std::size_t i = 0; i < collected_.size(); ++i) {
    auto entries = std::exchange(collected_[i], {});
    // An empty list says nothing that its absence does not: slots without value are entries too.
    if (entries.empty()) continue;
    auto r = make_result(result_kind::series, from, to);
    r.meter = profile().inputs[i].meter;
    r.register_name = profile().inputs[i].register_name;
    r.entries = std::move(entries);
    r.keep = keep_;
    out.results.push_back(std::move(r));
  }
  return {};
}

// What is collected since the last period is in the original lists and is replayed from there.
void series::save(bytes&) const {}
void series::load(state_reader&) {}

}  // namespace smgw::tariff
