// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "protocols/dlms/date_time.hpp"

#include "base/octets.hpp"

namespace smgw::dlms {
namespace {

constexpr std::uint8_t open8 = 0xFF;
constexpr std::uint16_t open_year = 0xFFFF;
constexpr std::uint16_t open_deviation = 0x8000;

bool take_field(std::uint8_t octet, std::uint8_t low, std::uint8_t high, std::optional<std::uint8_t>& out) noexcept {
  if (octet == open8) return true;
  if (octet < low || octet > high) return false;
  out = octet;
  return true;
}

// Month and day have two more values that name no date by themselves.
bool take_calendar_field(std::uint8_t octet, std::uint8_t high, std::optional<std::uint8_t>& out) noexcept {
  return octet == 0xFD || octet == 0xFE || take_field(octet, 1, high, out);
}

}  // namespace

expected<date_time> read_date_time(bytes_view in) {
  if (in.size() != date_time_size) return fail(errc::malformed, "date-time has not 12 octets");
  date_time t;
  if (const auto year = load_be<std::uint16_t>(in.data()); year != open_year) t.year = year;
  const bool fields = take_calendar_field(in[2], 12, t.month) && take_calendar_field(in[3], 31, t.day) &&
                      (in[4] == 0 || take_field(in[4], 1, 7, t.weekday)) && take_field(in[5], 0, 23, t.hour) &&
                      take_field(in[6], 0, 59, t.minute) && take_field(in[7], 0, 59, t.second) &&
                      take_field(in[8], 0, 99, t.hundredths);
  if (!fields) return fail(errc::malformed, "date-time with an impossible field");
  if (const auto deviation = load_be<std::uint16_t>(&in[9]); deviation != open_deviation) {
    t.deviation = static_cast<std::int16_t>(deviation);
    if (*t.deviation < -840 || *t.deviation > 720)
      return fail(errc::malformed, "date-time with an impossible deviation");
  }
  t.clock_status = in[11];
  return t;
}

std::optional<timestamp> date_time::utc() const noexcept {
  if (!year || !month || !day || !hour || !minute || !second || !deviation) return std::nullopt;
  const std::chrono::year_month_day date{std::chrono::year{*year}, std::chrono::month{*month}, std::chrono::day{*day}};
  if (!date.ok()) return std::nullopt;
  return timestamp{std::chrono::sys_days{date}} + std::chrono::hours{*hour} +
         std::chrono::minutes{*minute + *deviation} + std::chrono::seconds{*second} +
         std::chrono::milliseconds{hundredths.value_or(0) * 10};
}

std::array<std::uint8_t, date_time_size> to_octets(const date_time& t) noexcept {
  const auto year = t.year.value_or(open_year);
  const auto deviation = t.deviation ? static_cast<std::uint16_t>(*t.deviation) : open_deviation;
  return {static_cast<std::uint8_t>(year >> 8),
          static_cast<std::uint8_t>(year),
          t.month.value_or(open8),
          t.day.value_or(open8),
          t.weekday.value_or(open8),
          t.hour.value_or(open8),
          t.minute.value_or(open8),
          t.second.value_or(open8),
          t.hundredths.value_or(open8),
          static_cast<std::uint8_t>(deviation >> 8),
          static_cast<std::uint8_t>(deviation),
          t.clock_status};
}

}  // namespace smgw::dlms
