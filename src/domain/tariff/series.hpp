// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

#include "domain/tariff/engine.hpp"

namespace smgw::tariff {

/// Collects the values of each input unchanged and hands them over at the end of each period.
class series : public engine {
 public:
  series(profile::evaluation p, calendar::span length, calendar::legal_time zone, std::uint32_t marks = 0,
         bool keep = true);

 protected:
  expected<void> on_row(row& r, step& out) override;
  expected<void> on_period(timestamp from, timestamp to, step& out) override;
  void save(bytes& out) const override;
  void load(state_reader& in) override;
  // What is kept is replayed from the end of the last period; values for the moment are not asked for again.
  bool saves_open_period() const noexcept override { return !keep_; }

 private:
  std::vector<std::vector<list_entry>> collected_;  ///< by input
  std::uint32_t marks_;                             ///< bits set in the gateway's half of each status
  bool keep_;
};

}  // namespace smgw::tariff
