// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#include "mbus_records.hpp"

#include "base/hex.hpp"
#include "base/time_text.hpp"
#include "protocols/mbus/profile.hpp"

#include <array>
#include <cmath>
#include <cstdio>
#include <deque>
#include <functional>
#include <map>

namespace smgw::vectors {
namespace {

using nlohmann::json;

std::string upper_hex(bytes_view octets) {
  auto text = to_hex(octets);
  for (auto& c : text)
    if (c >= 'a' && c <= 'f') c = static_cast<char>(c - 'a' + 'A');
  return text;
}

// The rows give values in a few customary units.
long double in_unit(const mbus::record& r, const std::string& unit_name) {
  const auto v = static_cast<long double>(r.value.value) * std::pow(10.0L, r.value.scaler - r.vif.correction);
  if (unit_name == "kwh" || unit_name == "kw") return v / 1e3L;
  if (unit_name == "mj") return v / 1e6L;
  if (unit_name == "h" || unit_name == "d") {
    long double seconds = 1;
    if (r.vif.measured == mbus::unit_minute) seconds = 60;
    if (r.vif.measured == mbus::unit_hour) seconds = 3600;
    if (r.vif.measured == mbus::unit_day) seconds = 86400;
    return v * seconds / (unit_name == "h" ? 3600 : 86400);
  }
  return v;
}

bool close(long double a, long double b) { return std::fabs(a - b) <= 1e-9L * std::max(1e-12L, std::fabs(b)); }

std::string compare_value(const json& want, const mbus::record& got) {
  if (!want.contains("value")) return {};
  // The rows show the codes for "no value" (sign bit alone, digits above 9) as if they were numbers.
  if (got.kind == mbus::value_kind::not_available) return {};
  if (got.kind != mbus::value_kind::number) return "no number";
  const auto value = want["value"].get<double>();
  const auto have = in_unit(got, want.value("unit", ""));
  if (close(have, value)) return {};
  // Counters without sign (type C) are shown with one.
  const auto wrap = std::pow(2.0L, static_cast<int>(8 * got.raw.size()));
  if (value < 0 && got.vif.type == mbus::value_type::unsigned_number && close(have - wrap, value)) return {};
  return "value " + std::to_string(static_cast<double>(have)) + " instead of " + want["value"].dump();
}

std::string date_text(const mbus::calendar& c) {
  std::array<char, 48> text{};
  std::snprintf(text.data(), text.size(), "%04d-%02d-%02dT%02d:%02d:%02d", c.year, c.month, c.day, c.hour, c.minute,
                c.second);
  return text.data();
}

// The reference takes a text of a manufacturer (VIF 7F) up to the end of the telegram, whatever its length says.
bool is_vendor_text(const mbus::record& r) {
  return r.vif.what == mbus::quantity::manufacturer_specific && r.data_field == 0x0D && r.header.size() == 2;
}

std::string compare_one(const json& want, const mbus::record& got) {
  const auto raw = upper_hex(got.raw);
  const auto want_raw = want["raw_hex"].get<std::string>();
  const bool swallows = is_vendor_text(got) && want_raw.starts_with(raw);
  if (want_raw != raw && !swallows) return "raw " + raw + " instead of " + want["raw_hex"].get<std::string>();
  constexpr std::array functions{"Instantaneous", "Maximum", "Minimum", "AtError"};
  if (want["function"] != functions[static_cast<std::size_t>(got.function)]) return "function";
  if (want["storage"] != got.storage) return "storage";
  if (want["tariff"] != got.tariff) return "tariff";
  if (want["subunit"] != got.subunit) return "sub-unit";
  // Dates that are none (month 0) are shown as digits.
  if (want.contains("datetime") && want["datetime"] != date_text(got.when))
    return "date " + date_text(got.when) + " instead of " + want["datetime"].get<std::string>();
  return compare_value(want, got);
}

struct point {
  mbus::profile_point p;
  bool difference = false;  ///< the telegram has the difference to the next point only
};

std::string compare_point(const json& want, const point& got) {
  const auto& [p, difference] = got;
  if (want.contains("datetime")) {
    if (p.when && want["datetime"].get<std::string>() + "Z" == to_iso8601(*p.when)) return {};
    return "time of a profile point is " + (p.when ? to_iso8601(*p.when) : "unknown");
  }
  if (want["tariff"] != p.value.tariff || want["subunit"] != p.value.subunit) return "place of a profile point";
  // Of differences, the rows show either them or the values they make, in octets of the reference's own.
  if (want["raw_hex"] == upper_hex(p.value.raw)) return difference ? std::string{} : compare_value(want, p.value);
  const bool summed = difference && want.contains("value") && p.value.kind == mbus::value_kind::number;
  return summed ? compare_value(want, p.value) : "raw of a profile point";
}

// The rows name the points of all profiles by headers of their own: DIF, storage, VIF and the mark 7F77.
struct points {
  std::multimap<std::uint64_t, point> by_storage;
  std::string compare(const json& want) const {
    std::string fault = "no such profile point";
    const auto [first, last] = by_storage.equal_range(want["storage"].get<std::uint64_t>());
    for (auto at = first; at != last && !fault.empty(); ++at) fault = compare_point(want, at->second);
    return fault;
  }
};

void expand(const mbus::record& r, bytes_view whole, points& out) {
  auto reader = mbus::profile_reader::over(r, mbus::find_base(whole, r));
  if (!reader) return;
  const bool differences = reader->layout().mode != mbus::increment_mode::absolute;
  mbus::profile_point p;
  while (reader->next(p)) out.by_storage.emplace(p.value.storage, point{p, differences});
}

// A record that the telegram cuts: its header, and what there is of its value.
struct cut_record {
  std::string header;
  std::string value;
  cut_record() = default;
  cut_record(const mbus::record& r, bytes_view whole) : header(upper_hex(r.header)) {
    const auto *from = r.header.data() + r.header.size(), *end = whole.data() + whole.size();
    if (std::less<>{}(from, whole.data()) || std::less<>{}(end, from)) return;  // the header of a compact frame
    value = upper_hex({from, end});
    if (r.data_field == 0x0D && !value.empty()) value.erase(0, 2);
  }
  /// The rows show the beginning of the value.
  bool is(const std::string& key, const json& want) const {
    return key == header && value.starts_with(want["raw_hex"].get<std::string>());
  }
};

}  // namespace

std::string compare_records(const json& expected, mbus::record_reader records, bytes_view whole) {
  std::map<std::string, std::deque<mbus::record>> got;
  points profile;
  bool swallowed = false;
  cut_record cut;
  mbus::record r;
  for (;;) {
    const auto more = records.next(r);
    if (!more) cut = {r, whole};
    if (!more || !*more) break;
    got[upper_hex(r.header)].push_back(r);
    swallowed = swallowed || is_vendor_text(r);
    if (r.kind == mbus::value_kind::profile) expand(r, whole, profile);
  }
  for (const auto& want : expected) {
    auto key = want["difvif"].get<std::string>();
    key = key.substr(0, key.find('_'));  // 0000_2: the second of the same header
    std::string fault;
    auto at = got.find(key);
    if (at != got.end() && !at->second.empty()) {
      fault = compare_one(want, at->second.front());
      at->second.pop_front();
    } else if (key.size() > 4 && key.ends_with("7F77")) {
      fault = profile.compare(want);
    } else if (!cut.is(key, want)) {
      fault = "missing";
    } else {
      cut = {};
    }
    if (!fault.empty()) return "record " + key + ": " + fault;
  }
  for (const auto& [key, left] : got)
    if (!left.empty() && !swallowed && key != "1F") return "record " + key + " was not expected";
  return {};
}

}  // namespace smgw::vectors
