// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

#include "domain/status/status.hpp"
#include "domain/tariff/engine.hpp"

#include <map>

namespace smgw::tariff {

/// The energy between two instants at which all inputs have values that count.
struct interval {
  timestamp from{};
  timestamp to{};
  amount energy;
  bool gap = false;           ///< longer than one registration period: values in between are missing
  bool other_period = false;  ///< began in an earlier billing period than it ends in
};

/// Derived registers: the energy of each interval goes into exactly one of them (or is split exactly); levels are
/// handed over at the end of each billing period. No substitute values: where values are missing, the energy is known
/// with the next value. A meter that counts backwards (replaced, reset) begins anew and adds nothing.
class registers : public engine {
 public:
  registers(const profile::evaluation& p, calendar::legal_time zone);
  std::optional<register_row> levels() const override;

 protected:
  expected<void> on_row(row& r, step& out) override;
  expected<void> on_period(timestamp from, timestamp to, step& out) override;
  void save(bytes& out) const override;
  void load(state_reader& in) override;

  /// Where the energy of an interval goes: calls `add`.
  virtual expected<void> assign(const interval& i, step& out) = 0;
  /// The first row with values: Σ sign · level.
  virtual expected<void> on_first_levels(const amount&) { return {}; }
  /// After the registers of a period were handed over.
  virtual void on_new_period() {}
  virtual void save_more(bytes&) const {}
  virtual void load_more(state_reader&) {}

  /// Adds to the register with this OBIS value group E.
  expected<void> add(unsigned e, const amount& energy);
  /// Sets SMGW_Warning for this period: energy whose stage is unknown, a meter that began anew.
  void warn() noexcept { marks_ |= status::warning; }
  /// Gateway bits that this period's values left.
  [[nodiscard]] std::uint32_t marks() const noexcept { return marks_; }
  /// The register of a stage: the total's name with another group E.
  [[nodiscard]] obis register_of(unsigned e) const noexcept;
  /// A register that is handed over even while nothing was added to it.
  void ensure(unsigned e) { levels_.try_emplace(e); }
  [[nodiscard]] unit measured() const noexcept { return measured_; }

 private:
  struct base {
    timestamp target;
    timestamp captured;
    std::vector<amount> inputs;
    std::uint32_t meter_half = 0;
  };
  [[nodiscard]] std::optional<base> read(const row& r) const;
  std::optional<base> base_;
  /// All registers under one time and status.
  [[nodiscard]] expected<std::vector<list_entry>> entries(timestamp target, timestamp captured, status_word w) const;
  [[nodiscard]] status_word word() const noexcept;
  std::map<unsigned, amount> levels_;
  std::optional<unsigned> stage_;  ///< of the last interval
  std::uint32_t marks_ = 0;        ///< gateway bits of this period
  bool has_value_ = false;         ///< in this period
  unit measured_ = unit::none;
};

}  // namespace smgw::tariff
