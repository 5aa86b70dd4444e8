// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "domain/profile/forms.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <numeric>

namespace smgw::profile::forms {
namespace {

constexpr bool digit(char c) { return c >= '0' && c <= '9'; }
constexpr bool capital(char c) { return c >= 'A' && c <= 'Z'; }
constexpr bool small(char c) { return c >= 'a' && c <= 'z'; }
constexpr bool letter(char c) { return capital(c) || small(c); }

/// Exactly `width` digits off the front.
std::optional<unsigned> fixed(std::string_view& in, std::size_t width) {
  if (in.size() < width || !std::ranges::all_of(in.substr(0, width), digit)) return std::nullopt;
  unsigned n = 0;
  std::from_chars(in.data(), in.data() + width, n);
  in.remove_prefix(width);
  return n;
}
bool literal(std::string_view& in, char c) {
  if (in.empty() || in.front() != c) return false;
  in.remove_prefix(1);
  return true;
}

bool is_label(std::string_view l) {
  return !l.empty() && l.size() <= 63 && l.front() != '-' && l.back() != '-' &&
         std::ranges::all_of(l, [](char c) { return letter(c) || digit(c) || c == '-'; });
}

/// Not a full check of RFC 4291: the resolver decides; what it gets is only of these characters.
bool is_ipv6(std::string_view text) {
  return text.size() >= 2 && text.size() <= 45 && std::ranges::count(text, ':') >= 2 &&
         std::ranges::all_of(text, [](char c) {
           return digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F') || c == ':' || c == '.';
         });
}

}  // namespace

bool is_host(std::string_view text) {
  if (text.empty() || text.size() > 253) return false;
  for (;;) {
    const auto dot = text.find('.');
    if (!is_label(text.substr(0, dot))) return false;
    if (dot == text.npos) return true;
    text.remove_prefix(dot + 1);
  }
}

std::optional<endpoint> read_endpoint(std::string_view text) {
  endpoint e;
  if (literal(text, '[')) {
    const auto end = text.find(']');
    if (end == text.npos || !is_ipv6(text.substr(0, end))) return std::nullopt;
    e.host = text.substr(0, end);
    text.remove_prefix(end + 1);
  } else {
    const auto end = text.find(':');
    if (end == text.npos || !is_host(text.substr(0, end))) return std::nullopt;
    e.host = text.substr(0, end);
    text.remove_prefix(end);
  }
  if (!literal(text, ':') || text.empty() || !std::ranges::all_of(text, digit)) return std::nullopt;
  const auto [stop, failure] = std::from_chars(text.data(), text.data() + text.size(), e.port);
  if (failure != std::errc{} || e.port == 0) return std::nullopt;
  return e;
}

bool is_service_instance(std::string_view text) {
  constexpr std::string_view end = "._tcp.local";
  if (!text.ends_with(end)) return false;
  text.remove_suffix(end.size());
  const auto dot = text.find('.');
  if (dot == text.npos || dot == 0 || dot > 63 || !text.substr(dot + 1).starts_with('_')) return false;
  const auto instance = text.substr(0, dot), service = text.substr(dot + 2);
  // An instance's name may be any text (RFC 6763, 4.1.1); ours is what can be read and typed.
  return std::ranges::all_of(instance,
                             [](char c) { return letter(c) || digit(c) || c == ' ' || c == '_' || c == '-'; }) &&
         service.size() <= 15 && is_label(service);
}

bool is_identifier(std::string_view text) {
  return !text.empty() && text.size() <= 63 && (letter(text.front()) || digit(text.front())) &&
         std::ranges::all_of(text, [](char c) { return letter(c) || digit(c) || c == '.' || c == '_' || c == '-'; });
}

bool is_certificate_file(std::string_view text) {
  const auto ends = [&](std::string_view end) { return text.ends_with(end); };
  return is_identifier(text) && (ends(".pem") || ends(".crt") || ends(".cer") || ends(".der"));
}

bool is_usage_point(std::string_view text) {
  return text.size() == 33 && capital(text[0]) && capital(text[1]) &&
         std::ranges::all_of(text, [](char c) { return capital(c) || digit(c); });
}

bool is_uri_prefix(std::string_view text) {
  return text.size() <= 255 && text.starts_with('/') && std::ranges::all_of(text, [](char c) {
           return c > ' ' && c < '\x7f' && c != '?' && c != '#' && c != '"' && c != '\\';
         });
}

std::optional<decimal> read_decimal(std::string_view text) {
  const bool negative = literal(text, '-');
  const auto dot = text.find('.');
  const auto whole = text.substr(0, dot);
  const auto places = dot == text.npos ? std::string_view{} : text.substr(dot + 1);
  if (whole.empty() || whole.size() + places.size() > 18 || places.size() > 9 || (dot != text.npos && places.empty()) ||
      !std::ranges::all_of(whole, digit) || !std::ranges::all_of(places, digit))
    return std::nullopt;
  decimal d{.value = 0, .scaler = static_cast<std::int8_t>(-static_cast<int>(places.size()))};
  for (const auto part : {whole, places})
    for (const char c : part) d.value = d.value * 10 + (c - '0');
  if (negative) d.value = -d.value;
  return d;
}

std::optional<std::chrono::seconds> read_time_of_day(std::string_view text) {
  const auto h = fixed(text, 2);
  if (!h || !literal(text, ':')) return std::nullopt;
  const auto m = fixed(text, 2);
  if (!m) return std::nullopt;
  std::optional<unsigned> s = 0;
  if (!text.empty()) s = literal(text, ':') ? fixed(text, 2) : std::nullopt;
  if (!s || !text.empty() || *h > 23 || *m > 59 || *s > 59) return std::nullopt;
  return std::chrono::hours{*h} + std::chrono::minutes{*m} + std::chrono::seconds{*s};
}

std::optional<std::chrono::month_day> read_month_day(std::string_view text) {
  const auto m = fixed(text, 2);
  if (!m || !literal(text, '-')) return std::nullopt;
  const auto d = fixed(text, 2);
  if (!d || !text.empty()) return std::nullopt;
  const std::chrono::month_day day{std::chrono::month{*m}, std::chrono::day{*d}};
  return day.ok() ? std::optional{day} : std::nullopt;
}

std::optional<std::chrono::year_month_day> read_date(std::string_view text) {
  const auto y = fixed(text, 4);
  if (!y || !literal(text, '-')) return std::nullopt;
  const auto rest = read_month_day(text);
  if (!rest) return std::nullopt;
  const std::chrono::year_month_day date{std::chrono::year{static_cast<int>(*y)}, rest->month(), rest->day()};
  return date.ok() ? std::optional{date} : std::nullopt;
}

std::optional<unit> read_unit(std::string_view text) {
  static constexpr std::array<std::pair<std::string_view, unit>, 15> units{
      {{"Wh", unit::watt_hour},
       {"VAh", unit::volt_ampere_hour},
       {"varh", unit::var_hour},
       {"W", unit::watt},
       {"VA", unit::volt_ampere},
       {"var", unit::var},
       {"A", unit::ampere},
       {"V", unit::volt},
       {"Hz", unit::hertz},
       {"m3", unit::cubic_metre},
       {"m3-corrected", unit::cubic_metre_corrected},
       {"degree", unit::degree},
       {"celsius", unit::celsius},
       {"s", unit::second},
       {"none", unit::none}}};
  const auto found = std::ranges::find(units, text, &std::pair<std::string_view, unit>::first);
  return found == units.end() ? std::nullopt : std::optional{found->second};
}

std::string_view nearest(std::string_view word, const std::vector<std::string_view>& candidates) {
  std::string_view best;
  auto best_distance = std::max<std::size_t>(2, word.size() / 3) + 1;
  if (word.size() > 64) return best;
  for (const auto candidate : candidates) {
    // Levenshtein's distance, one row at a time
    std::vector<std::size_t> row(candidate.size() + 1);
    std::iota(row.begin(), row.end(), std::size_t{0});
    for (std::size_t i = 0; i < word.size(); ++i) {
      auto diagonal = row[0];
      row[0] = i + 1;
      for (std::size_t j = 0; j < candidate.size(); ++j) {
        const auto change = diagonal + (word[i] == candidate[j] ? 0 : 1);
        diagonal = row[j + 1];
        row[j + 1] = std::min({change, row[j] + 1, row[j + 1] + 1});
      }
    }
    if (row.back() < best_distance) {
      best_distance = row.back();
      best = candidate;
    }
  }
  return best;
}

}  // namespace smgw::profile::forms
