// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

// TAF 2, time-variable tariffs [Zeitvariable Tarife]: a register for each stage, a total, and an error register.
#include "base/check.hpp"
#include "domain/tariff/registers.hpp"
#include "domain/tariff/stage_calendar.hpp"
#include "domain/tariff/use_cases.hpp"

namespace smgw::tariff {
namespace {

class taf2 : public registers {
 public:
  taf2(const profile::evaluation& p, const calendar::legal_time& zone)
      : registers(p, zone), calendar_(p.switching.value_or(profile::switching_calendar{}), p.initial_stage, zone) {
    ensure(0);
    for (const auto& s : p.stages) ensure(s.number);
    ensure(profile::error_stage);
  }

 private:
  // A gap without a change of stage inside belongs to the stage; one across a change, to the error register, because
  // nobody knows how much was used before the change.
  expected<void> assign(const interval& i, step&) override {
    const auto stage = calendar_.during(i.from, i.to);
    if (!stage) warn();
    SMGW_CHECK(add(0, i.energy));
    return add(stage.value_or(profile::error_stage), i.energy);
  }
  stage_calendar calendar_;
};

}  // namespace

std::unique_ptr<engine> make_taf2(const profile::evaluation& p, const calendar::legal_time& zone) {
  return std::make_unique<taf2>(p, zone);
}

}  // namespace smgw::tariff
