// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

// Data records of M-Bus (EN 13757-3:2018, 6), octet by octet.

#include "base/hex.hpp"
#include "protocols/dissect/kinds.hpp"
#include "protocols/mbus/obis_map.hpp"
#include "protocols/mbus/profile.hpp"

#include <format>

namespace smgw::dissect {
namespace {

constexpr std::uint8_t idle_filler = 0x2F;

std::string dif_text(std::uint8_t dif) {
  constexpr std::string_view fields[] = {"no data",         "8 bit integer",   "16 bit integer", "24 bit integer",
                                         "32 bit integer",  "32 bit real",     "48 bit integer", "64 bit integer",
                                         "readout request", "2 digit BCD",     "4 digit BCD",    "6 digit BCD",
                                         "8 digit BCD",     "variable length", "12 digit BCD",   "special function"};
  if (dif == 0x0F) return "manufacturer data to the end";
  if (dif == 0x1F) return "manufacturer data to the end, more records in the next telegram";
  if (dif == 0x7F) return "global readout request";
  return std::format("{}, {}{}{}", fields[dif & 15U], mbus::name(static_cast<mbus::record_function>(dif >> 4U & 3U)),
                     (dif & 0x40U) != 0 ? ", storage bit" : "", (dif & 0x80U) != 0 ? ", DIFE follows" : "");
}

std::string dife_text(std::uint8_t dife) {
  return std::format("storage {}, tariff {}, sub-unit {}", dife & 15U, dife >> 4U & 3U, dife >> 6U & 1U);
}

std::string calendar_text(const mbus::calendar& c) {
  if (!c.valid) return "not valid";
  std::string text;
  if (c.has_date) text = std::format("{:04}-{:02}-{:02}", c.year, c.month, c.day);
  if (c.has_time) text += std::format("{}{:02}:{:02}:{:02}", text.empty() ? "" : " ", c.hour, c.minute, c.second);
  return text + (c.summer_time ? " summer time" : "");
}

std::string value_text(const mbus::record& r) {
  using enum mbus::value_kind;
  switch (r.kind) {
    case none: return "no data";
    case number: return r.value.text() + (r.rounded ? " (rounded)" : "");
    case calendar: return calendar_text(r.when);
    case text: return "'" + mbus::text_of(r) + "'";
    case not_available: return "not available";
    case profile: return "compact profile of " + std::to_string(r.raw.size()) + " octets";
    case octets:
    case manufacturer: break;
  }
  return to_hex(r.raw);
}

std::string place_text(const mbus::record& r) {
  std::string text;
  const auto add = [&](std::string_view what, std::uint64_t n) {
    if (n != 0) text += (text.empty() ? "" : ", ") + std::string(what) + " " + std::to_string(n);
  };
  if (r.function != mbus::record_function::instantaneous) text = mbus::name(r.function);
  add("storage", r.storage);
  add("tariff", r.tariff);
  add("sub-unit", r.subunit);
  if (r.vif.record_error != 0) add("record error", r.vif.record_error);
  return text;
}

std::string quantity_text(const mbus::record& r) {
  if (r.vif.what == mbus::quantity::plain_text) return "'" + std::string(r.vif.text.rbegin(), r.vif.text.rend()) + "'";
  return std::string(mbus::name(r.vif.what));
}

// DIF and DIFEs, then the value information block as a whole behind its first octet.
void describe_header(bytes_view header, const mbus::record& r, layer_writer& w) {
  std::size_t dif = 1;
  while (dif < header.size() && (header[dif - 1] & 0x80U) != 0) ++dif;
  w.part(header.first(1), "DIF", dif_text(header[0]), 1);
  for (std::size_t i = 1; i < dif; ++i) w.part(header.subspan(i, 1), "DIFE", dife_text(header[i]), 1);
  if (dif >= header.size()) return;
  const auto measured = unit_text(r.vif.measured);
  w.part(header.subspan(dif, 1), "VIF", quantity_text(r) + (measured.empty() ? "" : " in " + measured), 1);
  for (std::size_t i = dif + 1; i < header.size(); ++i)
    w.part(header.subspan(i, 1), "VIFE", std::format("{}", hex_octet(header[i])), 1);
}

void add_value(const mbus::record& r, std::uint8_t device_type, telegram& t) {
  if (r.kind == mbus::value_kind::none) return;
  const auto name = mbus::obis_of(r, device_type);
  const bool number = r.kind == mbus::value_kind::number;
  auto text = value_text(r);
  if (r.kind == mbus::value_kind::text) text = mbus::text_of(r);
  t.values.push_back({name ? name->text() : std::string(), quantity_text(r), std::move(text),
                      number ? unit_text(r.vif.measured) : std::string(), place_text(r)});
}

void add_profile(const mbus::record& r, const mbus::record_reader& all, telegram& t) {
  const auto points = mbus::profile_reader::over(r, mbus::find_base(all, r));
  if (!points) return;
  auto reader = *points;
  mbus::profile_point p;
  while (reader.next(p)) {
    value v{{}, quantity_text(r), value_text(p.value), unit_text(r.vif.measured), "profile"};
    if (p.when) v.note += ", " + calendar_text(mbus::from_utc(*p.when));
    t.values.push_back(std::move(v));
  }
}

}  // namespace

void describe_records(mbus::record_reader records, bytes_view octets, std::uint8_t device_type, layer_writer& w,
                      telegram& t) {
  const auto all = records;
  mbus::record r;
  w.gap("idle filler");
  for (;;) {
    const auto more = records.next(r);
    if (!more) {
      t.conclude(outcome::damaged, more.error().what);
      w.gap("broken record");
      return;
    }
    if (!*more) break;
    if (!r.header.empty()) describe_header(r.header, r, w);
    w.gap(r.data_field == 13 ? "LVAR" : "idle filler");
    w.part(r.raw, "value", value_text(r), 1);
    w.gap("idle filler");
    add_value(r, device_type, t);
    if (r.kind == mbus::value_kind::profile) add_profile(r, all, t);
  }
  if (!octets.empty() && octets.back() != idle_filler) w.gap("not described");
}

std::string who(const mbus::identity& meter) {
  return std::format("{} {} {}, version {}", mbus::id_text(meter), mbus::manufacturer_text(meter.manufacturer),
                     mbus::device_type_name(meter.type), meter.version);
}

std::string status_text(std::uint8_t sts) {
  constexpr std::string_view application[] = {"no error", "application busy", "application error",
                                              "abnormal condition"};
  std::string text{application[sts & 3U]};
  if ((sts & 0x04U) != 0) text += ", power low";
  if ((sts & 0x08U) != 0) text += ", permanent error";
  if ((sts & 0x10U) != 0) text += ", temporary error";
  if ((sts & 0xE0U) != 0) text += ", manufacturer bits " + hex_octet(sts & 0xE0U);
  return text;
}

}  // namespace smgw::dissect
