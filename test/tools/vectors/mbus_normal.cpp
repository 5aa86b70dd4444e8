// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#include "mbus_normal.hpp"

#include <algorithm>
#include <cmath>

namespace smgw::vectors {
namespace {

using mbus::quantity;

long double tens(int exponent) { return std::pow(10.0L, exponent); }

// Durations are shown in seconds; months and years are mean ones.
long double seconds_of(unit u) {
  if (u == mbus::unit_minute) return 60;
  if (u == mbus::unit_hour) return 3600;
  if (u == mbus::unit_day) return 86400;
  if (u == mbus::unit_month) return 2629743.83L;
  if (u == mbus::unit_year) return 31556926;
  return 1;
}

// Quantities and units that came with later editions are shown as they were sent.
bool is_known(const mbus::meaning& m) {
  switch (m.what) {
    case quantity::reactive_energy:
    case quantity::apparent_energy:
    case quantity::reactive_power:
    case quantity::apparent_power:
    case quantity::relative_humidity:
    case quantity::phase_angle:
    case quantity::frequency:
    case quantity::rating_factor:
    case quantity::transmission_period:
    case quantity::battery_remaining: return false;
    case quantity::energy: return m.measured != mbus::unit_other;
    default: return true;
  }
}

// VIF and VIFEs of a record: its header without DIF and DIFEs.
bytes_view value_block(bytes_view header) {
  const auto last = std::ranges::find_if(header, [](auto octet) { return (octet & 0x80U) == 0; });
  const auto dib = static_cast<std::size_t>(last - header.begin()) + 1;
  return header.subspan(std::min(dib, header.size()));
}

struct block {
  const mbus::meaning* said;  // by VIF or table alone
  bool from_table;            // FB or FD: no VIFE is heeded
  std::uint8_t vife = 0;      // the first one, 0 without
  std::size_t count = 0;      // of VIFEs
};

block read_block(bytes_view vib) {
  const auto code = vib.size() > 1 ? vib[1] : std::uint8_t{};
  if (vib[0] == 0xFD) return {&mbus::fd_meaning(code), true, 0, vib.size() - 2};
  if (vib[0] == 0xFB) return {&mbus::fb_meaning(code), true, 0, vib.size() - 2};
  const auto vife = static_cast<std::uint8_t>((vib[0] & 0x80U) != 0 ? code & 0x7FU : 0);
  return {&mbus::primary_meaning(vib[0]), false, vife, vib.size() - 1};
}

// The number as it was sent.
long double sent(const mbus::record& r, long double value) {
  const auto& v = r.vif;
  return (value - v.additive * 1e-3L * v.factor) / (v.factor * tens(v.scaler));
}

long double corrected(long double value, std::uint8_t vife) {
  if (vife >= 0x70 && vife <= 0x77) return value * tens(vife - 0x76);
  if (vife >= 0x78 && vife <= 0x7B) return value + tens(vife - 0x7B);
  return vife == 0x7D ? value * 1000 : value;
}

// The value of a number. What that output leaves out (further VIFEs, VIFEs after FB and FD, limits, units it does not
// know) is left out here, too; all else is our own value.
long double normal_value(const mbus::record& r) {
  const auto value = static_cast<long double>(r.value.value) * tens(r.value.scaler);
  const auto b = read_block(value_block(r.header));
  const auto& m = *b.said;
  if (!is_known(m)) return sent(r, value);
  const bool plain_text = !r.vif.text.empty();
  const bool changed = (r.vif.qualifiers & (mbus::q_limit | mbus::q_duration_of)) != 0;
  if (plain_text || (!changed && b.count <= (b.from_table ? 0U : 1U)))
    return value / r.vif.factor * seconds_of(r.vif.measured);
  return corrected(sent(r, value) * tens(m.scaler) * seconds_of(m.measured), b.vife);
}

// A text up to the first NUL, blanks for control characters, as UTF-8.
std::string normal_text(const mbus::record& r) {
  std::string out;
  for (const auto c : mbus::text_of(r)) {
    const auto octet = static_cast<unsigned char>(c);
    if (octet == 0) break;
    if (octet >= 0x80) {
      out += static_cast<char>(0xC0U | octet >> 6U);
      out += static_cast<char>(0x80U | (octet & 0x3FU));
    } else {
      out += octet < 0x20 || octet == 0x7F ? ' ' : c;
    }
  }
  return out;
}

std::string spaced_hex(bytes_view octets) {
  std::string text;
  for (const auto o : octets) text += (text.empty() ? "" : " ") + print("%02X", o);
  return text;
}

bool is_number(const std::string& text, long double& value) {
  try {
    std::size_t used = 0;
    value = std::stold(text, &used);
    return used == text.size();
  } catch (const std::exception&) {
    return false;
  }
}

std::string compare_date(const std::string& want, const mbus::record& r) {
  // "Date of the end of the last excess": shown there as a number of the quantity itself.
  if ((r.vif.qualifiers & mbus::q_date_of) != 0) return {};
  long double number = 0;
  if (is_number(want, number))  // a date of another length than that library knows for the VIF
    return number == static_cast<long double>(mbus::read_signed(r.raw).value) ? "" : "date as a number";
  // Two digits of a year from 81 on are of the last century; older versions of that library show this one.
  for (const auto year : {int{r.when.year}, r.when.year + 100}) {
    auto got = print("%04d-%02d-%02d", year, r.when.month, r.when.day);
    if (want.size() > got.size()) got += print("T%02d:%02d:%02dZ", r.when.hour, r.when.minute, r.when.second);
    if (got == want) return {};
    if (year >= 2000) return "date " + got;
  }
  return "year";
}

constexpr std::uint8_t variable_length = 0x0D;
constexpr std::uint8_t longest_text = 0xBF;

// What has a variable length and is no text: shown with the most significant octet first.
std::string compare_octets(const std::string& want, bytes_view raw) {
  const bytes reversed(raw.rbegin(), raw.rend());
  const auto shown = spaced_hex(reversed);
  return want.size() != shown.size() || want == shown ? "" : "octets " + shown;
}

}  // namespace

std::string compare_normal(const std::string& want, const mbus::record& r) {
  using enum mbus::value_kind;
  switch (r.kind) {
    case not_available: return {};  // shown there as whatever the code for "no value" makes
    case manufacturer: return spaced_hex(r.raw) == want ? "" : "manufacturer data";
    case text: return normal_text(r) == want ? "" : "text '" + normal_text(r) + "'";
    case calendar: return compare_date(want, r);
    case octets: return compare_octets(want, r.raw);
    case number: break;
    default: return {};
  }
  if (r.data_field == variable_length && r.lvar > longest_text) return compare_octets(want, r.raw);
  long double value = 0;
  if (!is_number(want, value)) return "a number instead of " + want;
  const auto got = normal_value(r);
  const auto bound = 1e-6L + 1e-9L * std::fabs(value);  // the rows have six decimals
  if (std::fabs(got - value) <= bound) return {};
  // Counters without sign (type C) are shown with one.
  auto with_sign = r;
  if (r.raw.size() < 7) with_sign.value.value -= std::int64_t{r.vif.factor} << (8 * r.raw.size());
  if (value < 0 && std::fabs(normal_value(with_sign) - value) <= bound) return {};
  return print("value %.9Lg instead of ", got) + want;
}

}  // namespace smgw::vectors
