// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "domain/tariff/registers.hpp"

#include "base/check.hpp"
#include "base/octets.hpp"

#include <algorithm>

namespace smgw::tariff {
namespace {

/// Gateway bits that a derived value inherits from the values it was formed from.
constexpr std::uint32_t inherited = status::value_not_validated | status::time_not_valid | status::warning |
                                    status::meter_tamper | status::meter_error | status::oms;

}  // namespace

registers::registers(const profile::evaluation& p, calendar::legal_time zone) : engine(p, p.billing, zone) {}

std::optional<registers::base> registers::read(const row& r) const {
  base b{.target = r.target, .captured = {}, .inputs = {}, .meter_half = 0};
  for (const auto& e : r.entries) {
    if (!e || !status::counts(e->value.status)) return std::nullopt;
    const auto level = amount::from(e->value.value);
    if (!level) return std::nullopt;
    b.inputs.push_back(*level);
    b.captured = std::max(b.captured, e->value.captured);
  }
  // Only values of one meter leave its half of the status word standing.
  if (r.entries.size() == 1) b.meter_half = r.entries.front()->value.status.meter;
  return b;
}

expected<void> registers::on_row(row& r, step& out) {
  auto now = read(r);
  for (const auto& e : r.entries)
    if (e && status::has_value(e->value.status)) marks_ |= e->value.status.smgw & inherited;
  if (!now) return {};
  measured_ = r.entries.front()->value.measured;
  amount sum;
  bool backwards = false;
  for (std::size_t i = 0; i < now->inputs.size(); ++i) {
    auto delta = now->inputs[i];
    if (base_) {
      SMGW_TRY(delta, delta.minus(base_->inputs[i]));
      backwards = backwards || delta.negative();
    }
    SMGW_TRY(sum, sum.plus(profile().inputs[i].sign < 0 ? delta.negated() : delta));
  }
  if (!base_) {
    SMGW_CHECK(on_first_levels(sum));
  } else if (backwards) {
    warn();
  } else {
    SMGW_CHECK(assign({.from = base_->target,
                       .to = now->target,
                       .energy = sum,
                       .gap = now->target - base_->target > profile().period,
                       .other_period = base_->target < period_from()},
                      out));
  }
  base_ = std::move(now);
  has_value_ = true;
  return {};
}

status_word registers::word() const noexcept {
  return {.smgw = status::fixed | marks_, .meter = base_ ? base_->meter_half : 0};
}

expected<std::vector<list_entry>> registers::entries(timestamp target, timestamp captured, status_word w) const {
  std::vector<list_entry> all;
  for (const auto& [e, level] : levels_) {
    SMGW_TRY(const auto value, level.to_decimal());
    const reading of{.meter = common_meter(),
                     .register_name = register_of(e),
                     .value = value,
                     .measured = measured_,
                     .captured = captured,
                     .status = w};
    all.push_back({.target = target, .value = of, .signature = {}});
  }
  return all;
}

std::optional<register_row> registers::levels() const {
  if (!base_ || levels_.empty()) return std::nullopt;
  auto all = entries(base_->target, base_->captured, word());
  if (!all) return std::nullopt;
  return register_row{.at = base_->target, .stage = stage_, .registers = std::move(*all)};
}

expected<void> registers::on_period(timestamp from, timestamp to, step& out) {
  // The level at the end; where that instant has no value, the last one before it, under its own time.
  const bool at_end = has_value_ && base_->target == to;
  if (!at_end) warn();
  auto status = word();
  if (!has_value_) status.smgw |= status::no_value;
  SMGW_TRY(auto all, entries(has_value_ ? base_->target : to, has_value_ ? base_->captured : to, status));
  for (const auto& e : all) {
    auto r = make_result(result_kind::registers, from, to);
    r.meter = e.value.meter;
    r.register_name = e.value.register_name;
    r.entries.push_back(e);
    out.results.push_back(std::move(r));
  }
  if (!all.empty())
    out.rows.push_back({.kind = list_kind::billing, .row = {.at = to, .stage = stage_, .registers = std::move(all)}});
  marks_ = 0;
  has_value_ = false;
  on_new_period();
  return {};
}

expected<void> registers::add(unsigned e, const amount& energy) {
  auto& into = levels_[e];
  SMGW_TRY(into, into.plus(energy));
  if (e != 0) stage_ = e;
  return {};
}

obis registers::register_of(unsigned e) const noexcept {
  auto name = profile().register_name;
  if (e != 0) name.code[4] = static_cast<std::uint8_t>(e);
  return name;
}

void registers::save(bytes& out) const {
  put_flag(out, base_.has_value());
  if (base_) {
    put_time(out, base_->target);
    put_time(out, base_->captured);
    put_be(out, base_->meter_half);
    put_count(out, base_->inputs.size());
    for (const auto& a : base_->inputs) put_amount(out, a);
  }
  put_be(out, marks_);
  put_flag(out, has_value_);
  out.push_back(static_cast<std::uint8_t>(measured_));
  put_count(out, levels_.size());
  for (const auto& [e, level] : levels_) {
    put_count(out, e);
    put_amount(out, level);
  }
  put_count(out, stage_ ? *stage_ + 1 : 0);
  save_more(out);
}

void registers::load(state_reader& in) {
  if (in.read_flag()) {
    base b{.target = in.read_time(), .captured = in.read_time(), .inputs = {}, .meter_half = in.read_bits()};
    b.inputs.resize(in.read_count());
    for (auto& a : b.inputs) a = in.read_amount();
    if (b.inputs.size() != profile().inputs.size()) in.refuse();
    base_ = std::move(b);
  }
  marks_ = in.read_bits();
  has_value_ = in.read_flag();
  if (has_value_ && !base_) in.refuse();
  measured_ = static_cast<unit>(in.read_octet());
  levels_.clear();
  for (auto n = in.read_count(); n > 0 && in.good(); --n) {
    const auto e = static_cast<unsigned>(in.read_count());
    levels_[e] = in.read_amount();
  }
  if (const auto stage = in.version() < 2 ? 0 : in.read_count(); stage != 0) stage_ = static_cast<unsigned>(stage - 1);
  load_more(in);
}

}  // namespace smgw::tariff
