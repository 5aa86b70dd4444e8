// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "base/hex.hpp"
#include "domain/profile/forms.hpp"
#include "domain/profile/parts.hpp"
#include "domain/value_list/original_list.hpp"

#include <algorithm>
#include <cctype>

namespace smgw::profile {
namespace {

using status::meter_kind;
constexpr std::pair<std::string_view, meter_kind> media[] = {
    {"electricity", meter_kind::electricity}, {"gas", meter_kind::gas}, {"wireless", meter_kind::wireless}};
constexpr std::pair<std::string_view, quirk> known_quirks[] = {{"no_time", quirk::no_time},
                                                               {"zero_scaler", quirk::zero_scaler},
                                                               {"status_absent", quirk::status_absent},
                                                               {"holley_time_and_crc", quirk::holley_time_and_crc},
                                                               {"dzg_unsigned_power", quirk::dzg_unsigned_power},
                                                               {"three_value_time", quirk::three_value_time}};
constexpr std::pair<std::string_view, protection> protections[] = {{"authenticated", protection::authenticated},
                                                                   {"any", protection::any}};

std::optional<device_id> read_id(std::string_view t) {
  const auto id = device_id::parse(t);
  return id ? std::optional{*id} : std::nullopt;
}
std::optional<obis> read_obis(std::string_view t) {
  const auto name = obis::parse(t);
  return name ? std::optional{*name} : std::nullopt;
}
std::optional<bytes> read_server_id(std::string_view t) {
  auto octets = from_hex(t);
  return octets && octets->size() >= 1 && octets->size() <= 20 ? std::optional{*std::move(octets)} : std::nullopt;
}

std::optional<meter_key> read_key(std::string_view t) {
  auto octets = from_hex(t);
  if (!octets || (octets->size() != 16 && octets->size() != 32)) return std::nullopt;
  const meter_key key{bytes_view{*octets}};
  wipe(*octets);
  return key;
}

bool is_address(std::string_view t) {
  return t.size() <= 32 && std::ranges::all_of(t, [](unsigned char c) { return std::isalnum(c) != 0; });
}

/// A key never stands in a message about it.
meter_key read_key(object_reader& in, std::string_view name) {
  const auto given = in.text(name, presence::optional, 64);
  if (given.empty()) return {};
  const auto key = read_key(given);
  if (!key) in.add(name, "not a key", "Write 32 hexadecimal digits (DLMS security suite 2: 64)");
  return key.value_or(meter_key{});
}

/// The meter's part of the LMN communication profile.
void read_link(object_reader& in, meter& m) {
  m.key = read_key(in, "key");
  m.authentication_key = read_key(in, "authentication_key");
  m.security = in.word<protection>("security", protection::authenticated, protections);
  m.tls_certificate =
      in.matching("tls_certificate", presence::optional, forms::is_certificate_file, "a file name like meter1.pem");
  m.address = in.matching("address", presence::optional, is_address, "letters and digits, at most 32");
  m.layout = in.matching("layout", presence::optional, forms::is_identifier, "the name of a layout");
}

void read_register(object_reader& in, meter& m) {
  meter_register r;
  const auto name = in.parsed<obis>("obis", presence::required, read_obis, "an OBIS code like 1-0:1.8.0");
  const auto measured =
      in.parsed<unit>("unit", presence::required, forms::read_unit, "Wh, VAh, varh, W, VA, var, A, V, Hz, m3, …");
  if (measured) r.measured = *measured;
  if (name) {
    r.name = *name;
    if (m.find(*name) != nullptr) in.add("obis", "this register stands here twice", "Remove one of them");
    m.registers.push_back(r);
  }
  in.finish();
}

}  // namespace

bool meter::has(quirk q) const noexcept { return std::ranges::find(quirks, q) != quirks.end(); }
const meter_register* meter::find(const obis& r) const noexcept {
  const auto found = std::ranges::find(registers, r, &meter_register::name);
  return found == registers.end() ? nullptr : &*found;
}

meter read_meter(object_reader& in) {
  meter m;
  if (const auto id = in.parsed<device_id>("device_id", presence::required, read_id,
                                           "14 characters by DIN 43849, like 1EMH0010482201"))
    m.id = *id;
  m.server_id = in.parsed<bytes>("server_id", presence::optional, read_server_id, "1 to 20 octets in hexadecimal");
  m.port =
      in.matching("port", presence::required, forms::is_identifier, "the id of an LMN port of the gateway profile");
  m.medium = in.word<meter_kind>("medium", meter_kind::electricity, media);
  in.each("registers", presence::required, max_registers, [&](const json::value& v, const std::string& at) {
    object_reader r{v, at, in.to()};
    read_register(r, m);
  });
  m.period = std::chrono::seconds{in.integer("registration_period_s", 900, 1, 3600)};
  if (!value_list::valid_period(m.period))
    in.add("registration_period_s", "the period does not divide the hour", "Use 900, or another divisor of 3600");
  m.window_minimum = std::chrono::milliseconds{in.integer("acceptance_window_min_ms", 0, 0, 60'000)};
  if (2 * m.window_minimum >= m.period)
    in.add("acceptance_window_min_ms", "the windows of two instants would meet", "Use less than half of the period");
  in.each("quirks", presence::optional, 16, [&](const json::value& v, const std::string& at) {
    for (const auto& [word, q] : known_quirks)
      if (v.kind == json::kind::text && v.text == word) return m.quirks.push_back(q);
    in.to().add(at, "not a known quirk",
                "Use no_time, zero_scaler, status_absent, holley_time_and_crc, dzg_unsigned_power or three_value_time");
  });
  read_link(in, m);
  m.active = in.flag("active", true);
  in.finish();
  return m;
}

}  // namespace smgw::profile
