// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

// TAF 6, on-demand readings [Abruf von Messwerten im Bedarfsfall]: a value of each of the last 42 days, released only
// on request.
#include "domain/tariff/engine.hpp"
#include "domain/tariff/use_cases.hpp"

#include <algorithm>

namespace smgw::tariff {
namespace {

constexpr std::size_t kept_days = 42;  ///< six weeks

class taf6 : public engine {
 public:
  taf6(const profile::evaluation& p, const calendar::legal_time& zone)
      : engine(p, {.days = 1}, zone), kept_(p.inputs.size()) {}

 private:
  expected<void> on_row(row& r, step&) override {
    if (!starts_day(r.target)) return {};
    for (std::size_t i = 0; i < kept_.size(); ++i) {
      if (!r.entries[i]) continue;  // a slot without value is an entry as well
      kept_[i].push_back(*std::move(r.entries[i]));
      if (kept_[i].size() > kept_days) kept_[i].erase(kept_[i].begin());
    }
    advance();
    return {};
  }
  expected<void> on_period(timestamp, timestamp, step&) override { return {}; }

  expected<void> on_event(const tariff_event& event, step& out) override {
    if (event.id != "release") return fail(errc::denied, "TAF 6 releases values and nothing else");
    for (std::size_t i = 0; i < kept_.size(); ++i) {
      const auto* e = value_of(kept_[i], event.day);
      if (e == nullptr) continue;
      auto r = make_result(result_kind::daily, e->target, e->target);
      r.meter = e->value.meter;
      r.register_name = e->value.register_name;
      r.entries.push_back(*e);
      r.note = event.id;
      out.results.push_back(std::move(r));
    }
    if (out.results.empty()) return fail(errc::unavailable, "no value of that day");
    return {};
  }

  [[nodiscard]] const list_entry* value_of(const std::vector<list_entry>& list, std::optional<timestamp> day) const {
    if (list.empty()) return nullptr;
    if (!day) return &list.back();
    const auto wanted = zone().day_of(*day);
    const auto found = std::ranges::find_if(list, [&](const auto& e) { return zone().day_of(e.target) == wanted; });
    return found == list.end() ? nullptr : &*found;
  }

  void save(bytes& out) const override {
    for (const auto& list : kept_) {
      put_count(out, list.size());
      for (const auto& e : list) put_entry(out, e);
    }
  }
  void load(state_reader& in) override {
    for (auto& list : kept_) {
      const auto n = in.read_count();
      if (n > kept_days) in.refuse();
      for (std::size_t i = 0; i < n && in.good(); ++i) list.push_back(in.read_entry());
    }
  }

  std::vector<std::vector<list_entry>> kept_;  ///< by input, oldest first
};

}  // namespace

std::unique_ptr<engine> make_taf6(const profile::evaluation& p, const calendar::legal_time& zone) {
  return std::make_unique<taf6>(p, zone);
}

}  // namespace smgw::tariff
