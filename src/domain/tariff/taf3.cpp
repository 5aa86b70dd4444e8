// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

// TAF 3, load-variable tariffs [Lastvariable Tarife]: the mean power of each registration period chooses its stage.
#include "base/check.hpp"
#include "domain/tariff/mean_power.hpp"
#include "domain/tariff/registers.hpp"
#include "domain/tariff/use_cases.hpp"

#include <algorithm>

namespace smgw::tariff {
namespace {

class taf3 : public registers {
 public:
  taf3(const profile::evaluation& p, const calendar::legal_time& zone) : registers(p, zone) {
    ensure(0);
    for (const auto& s : p.stages) ensure(s.number);
    ensure(profile::error_stage);
    for (const auto& s : p.load_steps)
      // A limit that no meter can reach never comes into force.
      if (const auto limit = amount::from(s.above)) steps_.emplace_back(*limit, s.stage);
    std::ranges::sort(steps_, {}, [](const auto& s) { return s.first; });
  }

 private:
  expected<void> assign(const interval& i, step&) override {
    SMGW_CHECK(add(0, i.energy));
    // The mean over several periods tells nothing about each of them.
    if (i.gap) {
      warn();
      return add(profile::error_stage, i.energy);
    }
    SMGW_TRY(const auto power, mean_power(i.energy, profile().period));
    auto stage = profile().initial_stage;
    for (const auto& [above, number] : steps_)
      if (power > above) stage = number;
    return add(stage, i.energy);
  }
  std::vector<std::pair<amount, unsigned>> steps_;  ///< ascending
};

}  // namespace

std::unique_ptr<engine> make_taf3(const profile::evaluation& p, const calendar::legal_time& zone) {
  return std::make_unique<taf3>(p, zone);
}

}  // namespace smgw::tariff
