// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "protocols/han/text.hpp"

#include "base/octets.hpp"
#include "base/time_text.hpp"

#include <nlohmann/json.hpp>

#include <format>

namespace smgw::han {
namespace {

using namespace std::chrono;

sys_seconds last_sunday_one_utc(year y, month m) { return sys_days{y / m / Sunday[last]} + hours{1}; }

bool plain(std::string_view text) {
  for (const char c : text)
    if (c < ' ' || c > '~' || c == '"' || c == '\\') return false;
  return true;
}

}  // namespace

void put_quoted(std::string& out, std::string_view text) {
  if (!plain(text)) {
    out += nlohmann::json(text).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
    return;
  }
  out += '"';
  out += text;
  out += '"';
}

std::string json_text(std::string_view text) {
  std::string out;
  put_quoted(out, text);
  return out;
}

http::response json_answer(std::string_view text, int status) {
  http::response out;
  out.status = status;
  out.headers.add("Content-Type", "application/json");
  put(out.body, text);
  return out;
}

int local_offset_hours(timestamp t) noexcept {
  const year_month_day day{floor<days>(t)};
  const bool summer = t >= last_sunday_one_utc(day.year(), March) && t < last_sunday_one_utc(day.year(), October);
  return summer ? 2 : 1;
}

std::string local_time(timestamp t, bool with_zone) {
  const int offset = local_offset_hours(t);
  auto text = to_iso8601(floor<seconds>(t) + hours{offset});
  text.resize(19);
  if (with_zone) text += std::format("+{:02}:00", offset);
  return text;
}

std::string bit0_first(std::uint32_t half) {
  std::uint32_t turned = 0;
  for (unsigned i = 0; i < 32; ++i) turned |= ((half >> i) & 1U) << (31U - i);
  return std::format("{:08x}", turned);
}

std::optional<std::int64_t> scaled(const decimal& value, int scaler) noexcept {
  auto v = value.value;
  for (int s = value.scaler; s > scaler; --s)
    if (__builtin_mul_overflow(v, 10, &v)) return std::nullopt;
  for (int s = value.scaler; s < scaler; ++s) {
    if (v % 10 != 0) return std::nullopt;
    v /= 10;
  }
  return v;
}

std::int64_t scaled_rounded(const decimal& value, int scaler) noexcept {
  if (const auto exact = scaled(value, scaler)) return *exact;
  auto v = value.value;
  int s = value.scaler;
  if (s >= scaler) return v < 0 ? std::numeric_limits<std::int64_t>::min() : std::numeric_limits<std::int64_t>::max();
  for (; s < scaler - 1; ++s) v /= 10;
  return (v + (v < 0 ? -5 : 5)) / 10;
}

}  // namespace smgw::han
