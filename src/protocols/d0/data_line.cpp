// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "protocols/d0/data_line.hpp"

#include <algorithm>
#include <array>
#include <charconv>

namespace smgw::d0 {
namespace {

constexpr auto npos = std::string_view::npos;

struct unit_text {
  std::string_view text;
  unit measured;
  std::int8_t scaler;
};
// Written as meters write them; case does not count, as `kVArh`, `kvarh` and `kVARh` all occur. `m` before a unit of
// electricity is not met, so mega is `M` in either case.
constexpr unit_text units[] = {
    {"kWh", unit::watt_hour, 3},
    {"Wh", unit::watt_hour, 0},
    {"MWh", unit::watt_hour, 6},
    {"kW", unit::watt, 3},
    {"W", unit::watt, 0},
    {"MW", unit::watt, 6},
    {"kvarh", unit::var_hour, 3},
    {"varh", unit::var_hour, 0},
    {"Mvarh", unit::var_hour, 6},
    {"kvar", unit::var, 3},
    {"var", unit::var, 0},
    {"Mvar", unit::var, 6},
    {"kVAh", unit::volt_ampere_hour, 3},
    {"VAh", unit::volt_ampere_hour, 0},
    {"kVA", unit::volt_ampere, 3},
    {"VA", unit::volt_ampere, 0},
    {"V", unit::volt, 0},
    {"A", unit::ampere, 0},
    {"Hz", unit::hertz, 0},
    {"m3", unit::cubic_metre, 0},
    {"m3ph", unit{15}, 0},
    {"m3/h", unit{15}, 0},
    {"s", unit::second, 0},
    {"secs", unit::second, 0},
    {"min", unit{6}, 0},
    {"h", unit{5}, 0},
    {"deg", unit::degree, 0},
    {"C", unit::celsius, 0},
    {"GJ", unit{25}, 9},
    {"MJ", unit{25}, 6},
};

char lower(char c) noexcept { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }

const unit_text* find_unit(std::string_view text) noexcept {
  for (const auto& u : units)
    if (std::ranges::equal(u.text, text, {}, lower, lower)) return &u;
  return nullptr;
}

// One group of an address: a number up to 255, or a letter for 96 to 99.
bool read_group(std::string_view text, std::uint8_t& out) noexcept {
  constexpr std::string_view letters = "CFLP";
  if (text.size() == 1)
    if (const auto at = letters.find(text[0]); at != npos) {
      out = static_cast<std::uint8_t>(96 + at);
      return true;
    }
  const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), out);
  return code == std::errc{} && end == text.data() + text.size() && !text.empty();
}

// Cuts the front of `text` off up to `mark`, which is dropped; false if the mark is not there.
bool cut(std::string_view& text, char mark, std::string_view& front) noexcept {
  const auto at = text.find(mark);
  if (at == npos) return false;
  front = text.substr(0, at);
  text.remove_prefix(at + 1);
  return true;
}

// Some meters fill a value up with blanks instead of zeros.
std::string_view without_blanks(std::string_view text) noexcept {
  while (text.starts_with(' ')) text.remove_prefix(1);
  while (text.ends_with(' ')) text.remove_suffix(1);
  return text;
}

}  // namespace

expected<data_line> read_data_line(std::string_view line) {
  if (line.size() > max_line) return fail(errc::exhausted, "data line is too long");
  const auto open = line.find('(');
  if (open == npos) return fail(errc::malformed, "data line without a value");
  data_line out{.code = line.substr(0, open), .values = line.substr(open)};
  for (auto rest = out.values; !rest.empty();) {
    const auto close = rest.find(')');
    if (rest[0] != '(' || close == npos || rest.substr(1, close).find('(') != npos)
      return fail(errc::malformed, "parentheses of a data line do not match");
    rest.remove_prefix(close + 1);
  }
  return out;
}

std::optional<value> data_line::next() noexcept {
  if (values.empty()) return std::nullopt;
  const auto close = values.find(')');
  value v{.raw = values.substr(1, close - 1), .text = {}, .unit = {}};
  values.remove_prefix(close + 1);
  const auto star = v.raw.find('*');
  v.text = v.raw.substr(0, star);
  if (star != npos) v.unit = v.raw.substr(star + 1);
  return v;
}

std::optional<obis> name_of(std::string_view code) noexcept {
  obis name{{1, 0, 255, 255, 255, 255}};
  auto& groups = name.code;
  std::string_view part;
  if (cut(code, '-', part) && !read_group(part, groups[0])) return std::nullopt;
  if (cut(code, ':', part) && !read_group(part, groups[1])) return std::nullopt;
  for (const char mark : {'*', '&'}) {
    const auto at = code.find(mark);
    if (at == npos) continue;
    if (!read_group(code.substr(at + 1), groups[5])) return std::nullopt;
    code = code.substr(0, at);
  }
  for (std::size_t i = 2; i < 5; ++i) {
    const bool more = cut(code, '.', part);
    if (!read_group(more ? part : code, groups[i])) return std::nullopt;
    if (!more) return i >= 3 ? std::optional{name} : std::nullopt;
  }
  return std::nullopt;
}

std::optional<quantity> quantity_of(const value& v) noexcept {
  auto text = without_blanks(v.text);
  const bool negative = text.starts_with('-');
  if (negative || text.starts_with('+')) text.remove_prefix(1);
  quantity out;
  int fraction = 0;
  std::size_t digits = 0;
  bool after_point = false;
  for (const char c : text) {
    if (c == '.' && !after_point) {
      after_point = true;
      continue;
    }
    if (c < '0' || c > '9' || out.number.value > 99'999'999'999'999'999) return std::nullopt;
    out.number.value = out.number.value * 10 + (c - '0');
    if (after_point) ++fraction;
    if (++digits > 64) return std::nullopt;
  }
  if (digits == 0) return std::nullopt;
  if (negative) out.number.value = -out.number.value;
  const auto* known = find_unit(v.unit);
  out.measured = known != nullptr ? known->measured : unit::none;
  out.number.scaler = static_cast<std::int8_t>((known != nullptr ? known->scaler : 0) - fraction);
  return out;
}

}  // namespace smgw::d0
