// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "base/time_text.hpp"

#include <charconv>
#include <format>

namespace smgw {
namespace {

using namespace std::chrono;

/// Reads exactly `width` decimal digits off the front.
bool digits(std::string_view& in, std::size_t width, int& out) {
  if (in.size() < width) return false;
  const auto* end = in.data() + width;
  const auto [stop, failure] = std::from_chars(in.data(), end, out);
  if (failure != std::errc{} || stop != end || in.front() == '-') return false;
  in.remove_prefix(width);
  return true;
}

bool literal(std::string_view& in, char c) {
  if (in.empty() || in.front() != c) return false;
  in.remove_prefix(1);
  return true;
}

bool fraction(std::string_view& in, milliseconds& out) {
  if (!literal(in, '.')) return true;
  int weight = 100;
  std::size_t count = 0;
  for (; !in.empty() && in.front() >= '0' && in.front() <= '9'; in.remove_prefix(1), ++count, weight /= 10)
    out += milliseconds{(in.front() - '0') * weight};
  return count >= 1 && count <= 9;
}

bool zone(std::string_view& in, minutes& offset) {
  if (literal(in, 'Z')) return true;
  if (in.empty() || (in.front() != '+' && in.front() != '-')) return false;
  const int sign = in.front() == '-' ? -1 : 1;
  in.remove_prefix(1);
  int h = 0;
  int m = 0;
  if (!digits(in, 2, h) || !literal(in, ':') || !digits(in, 2, m) || h > 23 || m > 59) return false;
  offset = minutes{sign * (60 * h + m)};
  return true;
}

}  // namespace

std::string to_iso8601(timestamp t) { return std::format("{:%FT%TZ}", floor<seconds>(t)); }

expected<timestamp> parse_iso8601(std::string_view text) {
  auto in = text;
  int y = 0, mo = 0, d = 0, h = 0, mi = 0, s = 0;
  milliseconds part{0};
  minutes offset{0};
  const bool shape = digits(in, 4, y) && literal(in, '-') && digits(in, 2, mo) && literal(in, '-') &&
                     digits(in, 2, d) && literal(in, 'T') && digits(in, 2, h) && literal(in, ':') &&
                     digits(in, 2, mi) && literal(in, ':') && digits(in, 2, s) && fraction(in, part) &&
                     zone(in, offset) && in.empty();
  const year_month_day day{year{y}, month{static_cast<unsigned>(mo)}, std::chrono::day{static_cast<unsigned>(d)}};
  if (!shape || !day.ok() || h > 23 || mi > 59 || s > 59)
    return fail(errc::malformed, "not a time like 2026-05-14T22:00:01Z: '" + std::string(text.substr(0, 40)) + "'");
  return timestamp{sys_days{day} + hours{h} + minutes{mi} + seconds{s} + part - offset};
}

}  // namespace smgw
