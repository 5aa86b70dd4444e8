// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

// TAF 11, controllable loads and generation: time and newest reading of each steering event.
#include "domain/status/status.hpp"
#include "domain/tariff/engine.hpp"
#include "domain/tariff/use_cases.hpp"

namespace smgw::tariff {
namespace {

class taf11 : public engine {
 public:
  taf11(const profile::evaluation& p, const calendar::legal_time& zone)
      : engine(p, {.months = 1}, zone), newest_(p.inputs.size()) {}

 private:
  expected<void> on_row(row& r, step&) override {
    for (std::size_t i = 0; i < newest_.size(); ++i)
      if (r.entries[i] && status::has_value(r.entries[i]->value.status)) newest_[i] = std::move(r.entries[i]);
    return {};
  }
  expected<void> on_period(timestamp, timestamp, step&) override { return {}; }

  // The event counts also where no meter has a value yet: then its lists are empty.
  expected<void> on_event(const tariff_event& event, step& out) override {
    for (std::size_t i = 0; i < newest_.size(); ++i) {
      auto r = make_result(result_kind::event, event.at, event.at);
      r.meter = profile().inputs[i].meter;
      r.register_name = profile().inputs[i].register_name;
      r.note = event.id;
      if (newest_[i]) r.entries.push_back(*newest_[i]);
      out.results.push_back(std::move(r));
    }
    return {};
  }

  void save(bytes& out) const override {
    for (const auto& e : newest_) {
      put_flag(out, e.has_value());
      if (e) put_entry(out, *e);
    }
  }
  void load(state_reader& in) override {
    for (auto& e : newest_)
      if (in.read_flag()) e = in.read_entry();
  }

  std::vector<std::optional<list_entry>> newest_;  ///< by input
};

}  // namespace

std::unique_ptr<engine> make_taf11(const profile::evaluation& p, const calendar::legal_time& zone) {
  return std::make_unique<taf11>(p, zone);
}

}  // namespace smgw::tariff
