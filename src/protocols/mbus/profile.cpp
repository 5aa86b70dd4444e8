// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#include "protocols/mbus/profile.hpp"

#include "base/check.hpp"

#include <algorithm>

namespace smgw::mbus {
namespace {

// The day of a month, or its last one if it has no such day.
std::chrono::sys_days day_of(std::chrono::year_month month, unsigned day) {
  const auto date = month / std::chrono::day{day};
  return date.ok() ? std::chrono::sys_days{date} : std::chrono::sys_days{month / std::chrono::last};
}

timestamp add_months(timestamp t, int months) {
  using namespace std::chrono;
  const auto day = floor<days>(t);
  const year_month_day date{day};
  const auto month = date.year() / date.month() + std::chrono::months{months};
  return timestamp{day_of(month, static_cast<unsigned>(date.day()))} + (t - day);
}

// Half months are 15 days of one month apart: the 1st and the 16th, or the 15th and the last.
timestamp add_half_months(timestamp t, int halves) {
  using namespace std::chrono;
  const auto day = floor<days>(t);
  const year_month_day date{day};
  const auto of_month = static_cast<unsigned>(date.day());
  const bool late = of_month > 15;
  const unsigned of_half = late ? of_month - 15 : of_month;
  halves += late ? 1 : 0;  // counted from the first half of this month
  const auto month = date.year() / date.month() + std::chrono::months{halves >> 1};
  const unsigned then = (halves & 1) != 0 ? of_half + 15 : std::min(of_half, 15U);
  return timestamp{day_of(month, then)} + (t - day);
}

timestamp moved(timestamp t, const spacing& by, int steps) {
  if (by.half_months) return add_half_months(t, steps);
  return by.months != 0 ? add_months(t, steps * by.months) : t + steps * by.period;
}

bool same_place(const record& a, const record& b) {
  return a.storage == b.storage && a.tariff == b.tariff && a.subunit == b.subunit;
}

// The same quantity, in the same direction, of the same phase: what is taken from the grid is no base for what is fed
// in. In which power of ten it comes does not matter.
bool same_quantity(const value_information& a, const value_information& b) {
  constexpr std::uint32_t coding = q_profile | q_inverse_profile | q_register_profile | q_corrected | q_additive;
  return a.what == b.what && a.measured == b.measured && (a.qualifiers & ~coding) == (b.qualifiers & ~coding) &&
         a.rate == b.rate && a.limit == b.limit && a.extension == b.extension;
}

// When the base was measured: neither the date of an event nor one to come.
bool is_time_base(const record& r, const record& profile) {
  const bool dated = r.vif.what == quantity::date || r.vif.what == quantity::date_time;
  return dated && r.kind == value_kind::calendar && r.vif.qualifiers == 0 &&
         (r.function == record_function::instantaneous || r.function == profile.function);
}

// a ± b, where both share unit and nearly always the scaler.
std::optional<decimal> add(decimal a, std::int64_t delta, std::int8_t scaler) {
  while (a.scaler > scaler) {
    if (__builtin_mul_overflow(a.value, std::int64_t{10}, &a.value)) return {};
    --a.scaler;
  }
  for (; scaler > a.scaler; --scaler)
    if (__builtin_mul_overflow(delta, std::int64_t{10}, &delta)) return {};
  if (__builtin_add_overflow(a.value, delta, &a.value)) return {};
  return a;
}

}  // namespace

expected<spacing> read_spacing(const record& profile) {
  if (profile.raw.size() < 2) return fail(errc::malformed, "profile without spacing octets");
  const unsigned control = profile.raw[0];
  const unsigned value = profile.raw[1];
  const unsigned span = (control >> 4U) & 3U;
  spacing s;
  s.mode = static_cast<increment_mode>(control >> 6U);
  s.data_field = static_cast<std::uint8_t>(control & 15U);
  const auto size = data_length(s.data_field);
  if (size == 0 || (profile.raw.size() - 2) % size != 0) return fail(errc::malformed, "profile of no whole elements");
  if (value <= 250) {
    constexpr std::chrono::seconds units[4] = {std::chrono::seconds{1}, std::chrono::minutes{1}, std::chrono::hours{1},
                                               std::chrono::days{1}};
    s.period = units[span] * value;
  } else if (value == 253 && span == 3) {
    s.half_months = true;
  } else if (value == 254 && span != 0) {
    constexpr std::uint8_t months[4] = {0, 6, 3, 1};
    s.months = months[span];
  } else {
    return fail(errc::unsupported, "reserved spacing");
  }
  return s;
}

profile_base find_base(record_reader reader, const record& profile) {
  profile_base base;
  record r;
  while (reader.next(r).value_or(false)) {
    if (r.storage != profile.storage) continue;
    if (!base.time && is_time_base(r, profile)) {
      if (auto t = as_utc(r.when)) base.time = *t;
    } else if (!base.value && r.kind == value_kind::number && r.function == profile.function &&
               same_place(r, profile) && same_quantity(r.vif, profile.vif)) {
      base.value = r.value;
    }
  }
  return base;
}

profile_reader::profile_reader(const record& profile, const profile_base& base, const spacing& layout)
    : profile_(&profile),
      layout_(layout),
      base_(base),
      rest_(profile.raw.subspan(2)),
      inverse_((profile.vif.qualifiers & q_inverse_profile) != 0) {}

expected<profile_reader> profile_reader::over(const record& profile, const profile_base& base) {
  if (profile.kind != value_kind::profile) return fail(errc::conflict, "not a profile");
  SMGW_TRY(const auto layout, read_spacing(profile));
  return profile_reader{profile, base, layout};
}

// Elements are differences: younger minus older value.
void profile_reader::accumulate(record& r) {
  const bool usable = r.kind == value_kind::number && base_.value;
  const bool minus = inverse_ != (layout_.mode == increment_mode::decrements);
  if (usable) base_.value = add(*base_.value, minus ? -r.value.value : r.value.value, r.value.scaler);
  if (usable && base_.value) {
    r.value = *base_.value;
  } else {
    base_.value.reset();
    r.kind = value_kind::not_available;
  }
}

bool profile_reader::next(profile_point& out) {
  const auto size = data_length(layout_.data_field);
  if (rest_.size() < size) return false;
  const auto raw = rest_.first(size);
  rest_ = rest_.subspan(size);
  ++index_;
  out.value = *profile_;
  out.value.storage += index_;
  const bool unsigned_delta = layout_.mode == increment_mode::increments || layout_.mode == increment_mode::decrements;
  if (out.value.vif.type == value_type::number && unsigned_delta) out.value.vif.type = value_type::unsigned_number;
  interpret(out.value, layout_.data_field, raw);
  out.value.vif.type = profile_->vif.type;
  if (layout_.mode != increment_mode::absolute) accumulate(out.value);
  out.when.reset();
  if (base_.time && layout_.timed())
    out.when = moved(*base_.time, layout_, inverse_ ? -static_cast<int>(index_) : static_cast<int>(index_));
  return true;
}

expected<timestamp> nominal_time(timestamp measured, std::chrono::seconds period) {
  if (period.count() <= 0) return fail(errc::malformed, "no registration period");
  const auto step = std::chrono::milliseconds{period}.count();
  const auto since = measured.time_since_epoch().count();
  auto grid = since / step * step;
  if (since < grid) grid -= step;
  if (since - grid > step / 2) grid += step;
  const auto off = since > grid ? since - grid : grid - since;
  if (off * 100 > step) return fail(errc::expired, "outside the acceptance window");
  return timestamp{std::chrono::milliseconds{grid}};
}

}  // namespace smgw::mbus
