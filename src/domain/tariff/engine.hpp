// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

#include "domain/calendar/periods.hpp"
#include "domain/tariff/contract.hpp"
#include "domain/tariff/rows.hpp"
#include "domain/tariff/state.hpp"

namespace smgw::tariff {

/// What all use cases share: joining inputs to rows, periods, the cursor.
class engine : public contract {
 public:
  expected<step> consume(const list_entry& entry) override;
  expected<step> tick(timestamp now) override;
  expected<step> happened(const tariff_event& event) override;
  std::optional<timestamp> next_deadline() const override;
  std::optional<register_row> levels() const override { return std::nullopt; }
  cursor position() const override;
  const profile::evaluation& profile() const noexcept override { return profile_; }

  /// Takes over the state of a cursor; called once, before anything else.
  expected<void> resume(const cursor& from);

 protected:
  engine(profile::evaluation p, calendar::span length, calendar::legal_time zone);

  // What a use case does; rows come in order, each once.
  virtual expected<void> on_row(row& r, step& out) = 0;
  /// A period ended: from < target <= to.
  virtual expected<void> on_period(timestamp from, timestamp to, step& out) = 0;
  virtual void save(bytes& out) const = 0;
  virtual void load(state_reader& in) = 0;
  /// A use case that takes events answers here; the state may change and is then stored.
  virtual expected<void> on_event(const tariff_event& event, step& out);
  /// False: entries since the end of the last period are not in the saved state but replayed from there.
  [[nodiscard]] virtual bool saves_open_period() const noexcept { return true; }
  /// The state must be stored although there are no results.
  void advance() noexcept { advanced_ = true; }

  [[nodiscard]] result make_result(result_kind kind, timestamp from, timestamp to) const;
  [[nodiscard]] timestamp period_from() const noexcept { return period_from_; }
  [[nodiscard]] timestamp period_to() const noexcept { return period_to_; }
  [[nodiscard]] timestamp until() const noexcept { return until_; }
  [[nodiscard]] const calendar::legal_time& zone() const noexcept { return periods_.zone(); }
  /// Of meters: the one meter of all inputs, else empty.
  [[nodiscard]] device_id common_meter() const;
  /// Whether a local day of the evaluation begins here.
  [[nodiscard]] bool starts_day(timestamp t) const;

 private:
  void begin(timestamp first);
  [[nodiscard]] bool over() const noexcept;
  expected<void> close(step& out);
  expected<void> take(row& r, step& out);
  expected<void> drain(timestamp give_up, step& out);
  [[nodiscard]] expected<step> finish(expected<void> outcome, step out);

  profile::evaluation profile_;
  calendar::periods periods_;
  timestamp until_;   ///< consumed
  timestamp closed_;  ///< consumed at the end of the last period
  rows rows_;
  bool begun_ = false;
  bool advanced_ = false;
  timestamp period_from_{};
  timestamp period_to_{};
};

}  // namespace smgw::tariff
