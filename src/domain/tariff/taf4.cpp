// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

// TAF 4, consumption-variable tariffs [Verbrauchsvariable Tarife]: the first so many units of a period have one stage,
// the next another.
#include "base/check.hpp"
#include "domain/tariff/registers.hpp"
#include "domain/tariff/use_cases.hpp"

namespace smgw::tariff {
namespace {

class taf4 : public registers {
 public:
  taf4(const profile::evaluation& p, const calendar::legal_time& zone) : registers(p, zone) {
    ensure(0);
    for (const auto& s : p.stages) ensure(s.number);
    ensure(profile::error_stage);
  }

 private:
  expected<void> assign(const interval& i, step&) override {
    SMGW_CHECK(add(0, i.energy));
    // Values are missing across the end of a period: whose quota it uses up is not known.
    if (i.other_period) {
      warn();
      return add(profile::error_stage, i.energy);
    }
    return consume_quota(i.energy);
  }

  /// Splits exactly at the quotas. Net feed-in of a sum of meters takes back from the stage that is active.
  expected<void> consume_quota(amount rest) {
    for (const auto& q : profile().quotas) {
      if (!q.amount) return spend(q.stage, rest);
      SMGW_TRY(const auto end, end_of(q));
      if (used_ >= end) continue;
      SMGW_TRY(const auto room, end.minus(used_));
      if (rest <= room) return spend(q.stage, rest);
      SMGW_CHECK(spend(q.stage, room));
      SMGW_TRY(rest, rest.minus(room));
    }
    warn();
    return add(profile::error_stage, rest);
  }
  expected<void> spend(unsigned stage, const amount& energy) {
    SMGW_TRY(used_, used_.plus(energy));
    return add(stage, energy);
  }
  /// The sum of the quotas up to and with this one.
  [[nodiscard]] expected<amount> end_of(const profile::stage_quota& last) const {
    amount sum;
    for (const auto& q : profile().quotas) {
      SMGW_TRY(const auto a, amount::from(q.amount.value_or(decimal{})));
      SMGW_TRY(sum, sum.plus(a));
      if (&q == &last) break;
    }
    return sum;
  }
  void on_new_period() override { used_ = {}; }
  void save_more(bytes& out) const override { put_amount(out, used_); }
  void load_more(state_reader& in) override { used_ = in.read_amount(); }

  amount used_;  ///< of this billing period
};

}  // namespace

std::unique_ptr<engine> make_taf4(const profile::evaluation& p, const calendar::legal_time& zone) {
  return std::make_unique<taf4>(p, zone);
}

}  // namespace smgw::tariff
