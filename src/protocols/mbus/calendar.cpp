// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#include "protocols/mbus/calendar.hpp"

namespace smgw::mbus {
namespace {

std::uint8_t bits(std::uint8_t octet, unsigned mask) { return static_cast<std::uint8_t>(octet & mask); }

// Day, month and year share two octets in types F, G and I: year in two parts of 3 and 4 bits.
void read_date(std::uint8_t low, std::uint8_t high, calendar& out) {
  out.has_date = true;
  out.day = bits(low, 0x1F);
  out.month = bits(high, 0x0F);
  const unsigned year = static_cast<unsigned>(low >> 5) | (static_cast<unsigned>(high >> 4) << 3);
  // Two digits: 81 to 99 are of the last century (recommendation of annex A, type F).
  out.year = static_cast<std::uint16_t>(year > 80 && year < 100 ? 1900 + year : 2000 + year);
  out.valid = year < 100;
}

bool real_date(const calendar& c) {
  const std::chrono::year_month_day day{std::chrono::year{c.year}, std::chrono::month{c.month},
                                        std::chrono::day{c.day}};
  return day.ok();
}

void check(calendar& c) {
  if (c.has_date && !real_date(c)) c.valid = false;
  if (c.has_time && (c.hour > 23 || c.minute > 59 || c.second > 59)) c.valid = false;
}

calendar read_f(bytes_view in) {
  calendar c;
  read_date(in[2], in[3], c);
  c.has_time = true;
  c.minute = bits(in[0], 0x3F);
  c.hour = bits(in[1], 0x1F);
  c.summer_time = (in[1] & 0x80U) != 0;
  // Centuries since 1900; meters send 2 and mean this century, so the year alone decides above 1.
  if (((in[1] >> 5U) & 3U) == 1) c.year = static_cast<std::uint16_t>(2000U + c.year % 100U);
  check(c);
  if ((in[0] & 0x80U) != 0) c.valid = false;
  return c;
}

calendar read_i(bytes_view in) {
  calendar c;
  read_date(in[3], in[4], c);
  c.has_time = true;
  c.second = bits(in[0], 0x3F);
  c.minute = bits(in[1], 0x3F);
  c.hour = bits(in[2], 0x1F);
  c.summer_time = (in[0] & 0x40U) != 0;
  check(c);
  if ((in[1] & 0x80U) != 0) c.valid = false;
  return c;
}

std::uint8_t low_date(const calendar& c) { return static_cast<std::uint8_t>(c.day | ((c.year % 100U & 7U) << 5U)); }
std::uint8_t high_date(const calendar& c) { return static_cast<std::uint8_t>(c.month | ((c.year % 100U >> 3U) << 4U)); }

}  // namespace

expected<calendar> read_calendar(bytes_view octets) {
  calendar c;
  switch (octets.size()) {
    case 2:
      read_date(octets[0], octets[1], c);
      check(c);
      return c;
    case 3:
      c.has_time = true;
      c.valid = true;
      c.second = bits(octets[0], 0x3F);
      c.minute = bits(octets[1], 0x3F);
      c.hour = bits(octets[2], 0x1F);
      check(c);
      return c;
    case 4: return read_f(octets);
    case 6: return read_i(octets);
    default: return fail(errc::unsupported, "no date of this length");
  }
}

expected<timestamp> as_utc(const calendar& c) {
  if (!c.valid || !c.has_date) return fail(errc::conflict, "no valid date");
  const std::chrono::year_month_day day{std::chrono::year{c.year}, std::chrono::month{c.month},
                                        std::chrono::day{c.day}};
  return timestamp{std::chrono::sys_days{day}} + std::chrono::hours{c.hour} + std::chrono::minutes{c.minute} +
         std::chrono::seconds{c.second};
}

bytes write_calendar(const calendar& c, std::size_t octets) {
  if (octets == 2) return {low_date(c), high_date(c)};
  const auto summer = c.summer_time ? 1U : 0U;
  if (octets == 4)
    return {c.minute, static_cast<std::uint8_t>(c.hour | (summer << 7U) | ((c.year / 100U - 19U) & 3U) << 5U),
            low_date(c), high_date(c)};
  return {static_cast<std::uint8_t>(c.second | (summer << 6U)), c.minute, c.hour, low_date(c), high_date(c), 0};
}

calendar from_utc(timestamp t) {
  const auto day = std::chrono::floor<std::chrono::days>(t);
  const std::chrono::year_month_day date{day};
  const std::chrono::hh_mm_ss time{std::chrono::floor<std::chrono::seconds>(t - day)};
  calendar c;
  c.year = static_cast<std::uint16_t>(static_cast<int>(date.year()));
  c.month = static_cast<std::uint8_t>(static_cast<unsigned>(date.month()));
  c.day = static_cast<std::uint8_t>(static_cast<unsigned>(date.day()));
  c.hour = static_cast<std::uint8_t>(time.hours().count());
  c.minute = static_cast<std::uint8_t>(time.minutes().count());
  c.second = static_cast<std::uint8_t>(time.seconds().count());
  c.has_date = c.has_time = c.valid = true;
  return c;
}

}  // namespace smgw::mbus
