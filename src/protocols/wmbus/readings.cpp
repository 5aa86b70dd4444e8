// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#include "protocols/wmbus/readings.hpp"

#include "base/check.hpp"
#include "protocols/mbus/obis_map.hpp"
#include "protocols/mbus/profile.hpp"

namespace smgw::wmbus {
namespace {

using mbus::quantity;
using mbus::record;
using mbus::value_kind;

// What one pass over the telegram tells about all its values.
struct circumstances {
  std::optional<std::chrono::seconds> age;  // actuality duration, DP1!
  std::optional<mbus::calendar> meter_time;
  error_flags flags;
  bool profile = false;
};

std::optional<std::chrono::seconds> duration_of(const record& r) {
  constexpr std::int64_t most = 366 * 86400;  // older than a year is no actuality
  if (r.kind != value_kind::number || r.value.scaler != 0 || r.value.value < 0 || r.value.value > most) return {};
  std::int64_t factor = 1;
  if (r.vif.measured == mbus::unit_minute) factor = 60;
  if (r.vif.measured == mbus::unit_hour) factor = 3600;
  if (r.vif.measured == mbus::unit_day) factor = 86400;
  if (r.value.value > most / factor) return {};
  return std::chrono::seconds{r.value.value * factor};
}

expected<circumstances> look_around(const telegram& t) {
  circumstances c;
  auto reader = t.records();
  record r;
  for (;;) {
    SMGW_TRY(const bool more, reader.next(r));
    if (!more) return c;
    note_error_flags(r, c.flags);
    if (r.kind == value_kind::profile) c.profile = true;
    const bool plain = r.storage == 0 && r.vif.qualifiers == 0;  // not the start of something, nor its duration
    if (!plain || r.function != mbus::record_function::instantaneous) continue;
    if (r.vif.what == quantity::actuality_duration && !c.age) c.age = duration_of(r);
    if (r.vif.what == quantity::date_time && r.kind == value_kind::calendar) c.meter_time = r.when;
  }
}

class collector {
 public:
  collector(const telegram& t, const circumstances& c, timestamp received, std::vector<wireless_reading>& out)
      : t_(t), c_(c), current_(received - c.age.value_or(std::chrono::seconds{0})), out_(out) {
    common_.status = status_of(c.flags, t.head.tpl ? t.head.tpl->status : std::uint8_t{0});
    common_.meter_time = c.meter_time;
  }

  expected<void> take(const record& r) {
    if (r.kind == value_kind::profile) return take_profile(r);
    return put(r, current_, !c_.profile);
  }

 private:
  expected<void> put(const record& r, timestamp when, bool billing) {
    const auto name = mbus::obis_of(r, t_.meter.type);
    if (!name) return {};
    if (out_.size() == max_readings) return fail(errc::exhausted, "too many readings in one telegram");
    auto reading = common_;
    reading.register_name = *name;
    reading.value = r.value;
    reading.measured = r.vif.measured;
    reading.captured = when;
    reading.billing = billing;
    out_.push_back(reading);
    return {};
  }

  expected<void> take_profile(const record& r) {
    if ((r.vif.qualifiers & mbus::q_inverse_profile) == 0) return {};
    const auto layout = mbus::read_spacing(r);
    if (!layout) return {};  // a spacing nobody defined gives no values, but spoils no others
    auto base = mbus::find_base(t_.records(), r);
    if (!base.time) {
      const auto nominal = mbus::nominal_time(current_, layout->period);
      if (!nominal) return {};
      base.time = *nominal;
    }
    SMGW_TRY(auto reader, mbus::profile_reader::over(r, base));
    mbus::profile_point p;
    while (reader.next(p)) {
      if (!p.when || p.value.kind != value_kind::number) continue;
      p.value.storage = 0;  // the registers of a profile are those of its base entry
      SMGW_CHECK(put(p.value, *p.when, true));
    }
    return {};
  }

  const telegram& t_;
  const circumstances& c_;
  timestamp current_;
  std::vector<wireless_reading>& out_;
  wireless_reading common_;
};

}  // namespace

expected<void> read_values(const telegram& t, timestamp received, std::vector<wireless_reading>& out) {
  if (t.result != verdict::accepted) return fail(errc::conflict, "telegram was not accepted");
  out.clear();
  if (t.what != content::records && t.what != content::compact) return {};
  SMGW_TRY(const auto around, look_around(t));
  collector c{t, around, received, out};
  auto reader = t.records();
  record r;
  for (;;) {
    SMGW_TRY(const bool more, reader.next(r));
    if (!more) return {};
    SMGW_CHECK(c.take(r));
  }
}

}  // namespace smgw::wmbus
