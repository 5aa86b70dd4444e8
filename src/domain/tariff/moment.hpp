// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

#include "domain/tariff/series.hpp"

namespace smgw::tariff {

/// Values for the moment (TAF 9, 10, 14): nothing of them is kept. Thresholds send a value at once, when it crosses the
/// limit, with SMGW_ValueTriggered; `query` sends the newest ones.
class moment : public series {
 public:
  /// `regular`: series at the end of each delivery period as well.
  moment(const profile::evaluation& p, const calendar::legal_time& zone, bool regular, std::uint32_t marks);

 private:
  expected<void> on_row(row& r, step& out) override;
  expected<void> on_event(const tariff_event& event, step& out) override;
  // Series are replayed from the last delivery; what was told at once is not told again.
  void save(bytes& out) const override;
  void load(state_reader& in) override;
  /// Whether the value is beyond a limit of its register and was not before.
  [[nodiscard]] bool crosses(const list_entry& e, std::vector<bool>& beyond) const;
  void send(std::size_t input, list_entry e, std::string note, step& out) const;

  bool regular_;
  std::uint32_t marks_;
  std::vector<std::vector<bool>> beyond_;          ///< by input, by trigger; as of `judged_`
  timestamp judged_ = timestamp::min();            ///< rows up to here have been compared with the limits
  std::vector<std::optional<list_entry>> newest_;  ///< by input
};

}  // namespace smgw::tariff
