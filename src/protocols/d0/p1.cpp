// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "protocols/d0/p1.hpp"

#include <charconv>

namespace smgw::d0 {
namespace {

bool read_pair(std::string_view text, std::size_t at, unsigned& out) noexcept {
  const auto [end, code] = std::from_chars(text.data() + at, text.data() + at + 2, out);
  return code == std::errc{} && end == text.data() + at + 2;
}

constexpr std::uint8_t mbus_group = 24;  // C: values of M-Bus channels
constexpr std::uint8_t id_group = 96;

// The form of DSMR 2 and 3; the value is the last, if it is on this line.
void read_profile(data_line line, sub_meter& out) {
  std::array<value, 7> v{};
  std::size_t n = 0;
  for (auto next = line.next(); next && n < v.size(); next = line.next()) v[n++] = *next;
  if (n < 6) return;
  out.captured = v[0].raw;
  if (const auto name = name_of(v[4].raw)) out.name = *name;
  if (n == 7) out.reading.text = out.reading.raw = v[6].text;
  out.reading.unit = v[5].raw;
}

void read_timed(data_line line, const obis& name, sub_meter& out) {
  const auto first = line.next();
  const auto second = line.next();
  if (!first || !second) return;
  out.captured = first->raw;
  out.reading = *second;
  out.name = name;
}

}  // namespace

expected<timestamp> read_p1_time(std::string_view text, std::chrono::minutes standard_offset) {
  const bool zone = text.size() == 13 && (text[12] == 'W' || text[12] == 'S');
  std::array<unsigned, 6> f{};
  bool digits = text.size() == 12 || zone;
  for (std::size_t i = 0; digits && i < f.size(); ++i) digits = read_pair(text, 2 * i, f[i]);
  if (!digits) return fail(errc::malformed, "no P1 time");
  const std::chrono::year_month_day date{std::chrono::year{static_cast<int>(2000 + f[0])}, std::chrono::month{f[1]},
                                         std::chrono::day{f[2]}};
  if (!date.ok() || f[3] > 23 || f[4] > 59 || f[5] > 59) return fail(errc::malformed, "no P1 time");
  const bool summer = zone && text[12] == 'S';
  return timestamp{std::chrono::sys_days{date}} + std::chrono::hours{f[3]} + std::chrono::minutes{f[4]} +
         std::chrono::seconds{f[5]} - standard_offset - (summer ? std::chrono::hours{1} : std::chrono::hours{0});
}

const sub_meter* sub_meters::find(std::uint8_t channel) const noexcept {
  if (channel == 0 || channel > max_sub_meters) return nullptr;
  const auto& m = by_channel[channel - 1U];
  return m.channel != 0 ? &m : nullptr;
}

sub_meters sub_meters_of(std::string_view data) {
  sub_meters out;
  line_cursor lines{data};
  sub_meter* open = nullptr;  // its value is on the next line
  for (auto line = lines.next(); line; line = lines.next()) {
    if (!*line) continue;
    if (open != nullptr && (*line)->code.empty()) {
      if (const auto v = (*line)->next()) open->reading.text = open->reading.raw = v->text;
      open = nullptr;
      continue;
    }
    open = nullptr;
    const auto name = name_of((*line)->code);
    if (!name) continue;
    const auto& c = name->code;
    if (c[0] != 0 || c[1] == 0 || c[1] > max_sub_meters) continue;
    auto& m = out.by_channel[c[1] - 1U];
    m.channel = c[1];
    if (c[2] == mbus_group && c[3] == 1) {
      m.device_type = (*line)->next().value_or(value{}).raw;
    } else if (c[2] == mbus_group && c[3] == 2) {
      read_timed(**line, *name, m);
    } else if (c[2] == mbus_group && c[3] == 3) {
      read_profile(**line, m);
      if (m.reading.text.empty()) open = &m;
    } else if (c[2] == id_group && c[3] == 1) {
      m.id = (*line)->next().value_or(value{}).raw;
    }
  }
  return out;
}

}  // namespace smgw::d0
