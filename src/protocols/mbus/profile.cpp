// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#include "protocols/mbus/profile.hpp"

#include "base/check.hpp"

namespace smgw::mbus {
namespace {

timestamp add_months(timestamp t, int months) {
  using namespace std::chrono;
  const auto day = floor<days>(t);
  auto date = year_month_day{day} + std::chrono::months{months};
  if (!date.ok()) date = date.year() / date.month() / last;
  return timestamp{sys_days{date}} + (t - day);
}

bool same_place(const record& a, const record& b) {
  return a.storage == b.storage && a.tariff == b.tariff && a.subunit == b.subunit;
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
    if (r.kind == value_kind::calendar && !base.time) {
      if (auto t = as_utc(r.when)) base.time = *t;
    } else if (r.kind == value_kind::number && same_place(r, profile) && r.vif.what == profile.vif.what &&
               r.function == profile.function && !base.value) {
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
  if (base_.time && (layout_.period.count() != 0 || layout_.months != 0)) {
    const auto steps = inverse_ ? -static_cast<int>(index_) : static_cast<int>(index_);
    out.when =
        layout_.months != 0 ? add_months(*base_.time, steps * layout_.months) : *base_.time + steps * layout_.period;
  }
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
