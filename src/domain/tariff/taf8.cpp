// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

// TAF 8, extreme values [Erfassung von Extremwerten]: the smallest and largest mean powers of a billing period.
#include "base/check.hpp"
#include "domain/tariff/mean_power.hpp"
#include "domain/tariff/registers.hpp"
#include "domain/tariff/use_cases.hpp"

#include <algorithm>

namespace smgw::tariff {
namespace {

class taf8 : public registers {
 public:
  using registers::registers;

 private:
  struct extreme {
    amount power;
    timestamp end;  ///< of its registration period
  };

  expected<void> assign(const interval& i, step&) override {
    // Only a period with values at both ends has a mean power of its own.
    if (i.gap) {
      warn();
      return {};
    }
    SMGW_TRY(const auto power, mean_power(i.energy, profile().period));
    keep(minima_, profile().extreme.minima, {.power = power, .end = i.to},
         [](const auto& a, const auto& b) { return a < b; });
    keep(maxima_, profile().extreme.maxima, {.power = power, .end = i.to},
         [](const auto& a, const auto& b) { return a > b; });
    return {};
  }

  /// Sorted, best first; of equal ones the earlier stays.
  static void keep(std::vector<extreme>& list, std::size_t most, const extreme& e, auto better) {
    const auto place = std::ranges::find_if(list, [&](const extreme& x) { return better(e.power, x.power); });
    if (static_cast<std::size_t>(place - list.begin()) >= most) return;
    list.insert(place, e);
    if (list.size() > most) list.pop_back();
  }

  expected<void> on_period(timestamp from, timestamp to, step& out) override {
    for (const auto& [list, note] : {std::pair{&minima_, "minima"}, {&maxima_, "maxima"}}) {
      if (list->empty()) continue;
      auto r = make_result(result_kind::extremes, from, to);
      r.meter = common_meter();
      r.note = note;
      for (const auto& e : *list) {
        SMGW_TRY(const auto value, e.power.to_decimal());
        const reading of{.meter = r.meter,
                         .register_name = r.register_name,
                         .value = value,
                         .measured = power_of(measured()),
                         .captured = e.end,
                         .status = {.smgw = status::fixed | marks(), .meter = 0}};
        r.entries.push_back({.target = e.end, .value = of, .signature = {}});
      }
      out.results.push_back(std::move(r));
    }
    minima_.clear();
    maxima_.clear();
    return registers::on_period(from, to, out);  // no registers of its own: only begins the next period
  }

  static void save_list(bytes& out, const std::vector<extreme>& list) {
    put_count(out, list.size());
    for (const auto& e : list) {
      put_amount(out, e.power);
      put_time(out, e.end);
    }
  }
  static void load_list(state_reader& in, std::vector<extreme>& list) {
    list.resize(in.read_count());
    for (auto& e : list) {
      e.power = in.read_amount();
      e.end = in.read_time();
    }
  }
  void save_more(bytes& out) const override {
    save_list(out, minima_);
    save_list(out, maxima_);
  }
  void load_more(state_reader& in) override {
    load_list(in, minima_);
    load_list(in, maxima_);
  }

  std::vector<extreme> minima_;
  std::vector<extreme> maxima_;
};

}  // namespace

std::unique_ptr<engine> make_taf8(const profile::evaluation& p, const calendar::legal_time& zone) {
  return std::make_unique<taf8>(p, zone);
}

}  // namespace smgw::tariff
