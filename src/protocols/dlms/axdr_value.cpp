// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "base/octets.hpp"
#include "protocols/dlms/axdr.hpp"

#include <bit>
#include <charconv>
#include <cmath>
#include <limits>

namespace smgw::dlms::axdr {
namespace {

template <class Signed>
std::int64_t signed_at(bytes_view data) noexcept {
  return static_cast<Signed>(load_be<std::make_unsigned_t<Signed>>(data.data()));
}
template <class Unsigned>
std::int64_t unsigned_at(bytes_view data) noexcept {
  return static_cast<std::int64_t>(load_be<Unsigned>(data.data()));
}

bool read_integer(const element& e, std::int64_t& out) noexcept {
  switch (e.what) {
    case type::boolean: out = e.data[0] != 0 ? 1 : 0; return true;
    case type::bcd:
    case type::unsigned_integer:
    case type::enumerated:
    case type::delta_unsigned: out = e.data[0]; return true;
    case type::integer:
    case type::delta_integer: out = signed_at<std::int8_t>(e.data); return true;
    case type::long_integer:
    case type::delta_long: out = signed_at<std::int16_t>(e.data); return true;
    case type::long_unsigned:
    case type::delta_long_unsigned: out = unsigned_at<std::uint16_t>(e.data); return true;
    case type::double_long:
    case type::delta_double_long: out = signed_at<std::int32_t>(e.data); return true;
    case type::double_long_unsigned:
    case type::delta_double_long_unsigned: out = unsigned_at<std::uint32_t>(e.data); return true;
    case type::long64: out = signed_at<std::int64_t>(e.data); return true;
    case type::long64_unsigned: {
      const auto value = load_be<std::uint64_t>(e.data.data());
      out = static_cast<std::int64_t>(value);
      return value <= static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
    }
    default: return false;
  }
}

// The shortest text that reads back to the same float, read as digits and a power of ten.
template <class Float>
std::optional<decimal> shortest(Float value) noexcept {
  if (!std::isfinite(value)) return std::nullopt;
  std::array<char, 32> text{};
  const auto end = std::to_chars(text.data(), text.data() + text.size(), value, std::chars_format::scientific).ptr;
  decimal out;
  const char* p = text.data();
  const bool negative = *p == '-';
  if (negative) ++p;
  int fraction = 0;
  bool after_point = false;
  for (; p != end && *p != 'e'; ++p) {
    if (*p == '.') {
      after_point = true;
      continue;
    }
    out.value = out.value * 10 + (*p - '0');  // a double has at most 17 digits
    if (after_point) ++fraction;
  }
  if (negative) out.value = -out.value;
  int exponent = 0;
  if (p != end) ++p;
  if (p != end && *p == '+') ++p;
  std::from_chars(p, end, exponent);
  const int scaler = out.value == 0 ? 0 : exponent - fraction;
  if (scaler < std::numeric_limits<std::int8_t>::min() || scaler > std::numeric_limits<std::int8_t>::max())
    return std::nullopt;
  out.scaler = static_cast<std::int8_t>(scaler);
  return out;
}

}  // namespace

std::optional<std::int64_t> integer_of(const element& e) noexcept {
  std::int64_t value = 0;
  return read_integer(e, value) ? std::optional{value} : std::nullopt;
}

std::optional<decimal> number_of(const element& e) noexcept {
  decimal out;
  if (read_integer(e, out.value)) return out;
  if (e.what == type::float32) return shortest(std::bit_cast<float>(load_be<std::uint32_t>(e.data.data())));
  if (e.what == type::float64) return shortest(std::bit_cast<double>(load_be<std::uint64_t>(e.data.data())));
  return std::nullopt;
}

std::string_view name_of(type t) noexcept {
  switch (t) {
    case type::null_data: return "null";
    case type::array: return "array";
    case type::structure: return "structure";
    case type::boolean: return "boolean";
    case type::bit_string: return "bit-string";
    case type::double_long: return "double-long";
    case type::double_long_unsigned: return "double-long-unsigned";
    case type::octet_string: return "octet-string";
    case type::visible_string: return "visible-string";
    case type::utf8_string: return "utf8-string";
    case type::bcd: return "bcd";
    case type::integer: return "integer";
    case type::long_integer: return "long";
    case type::unsigned_integer: return "unsigned";
    case type::long_unsigned: return "long-unsigned";
    case type::compact_array: return "compact-array";
    case type::long64: return "long64";
    case type::long64_unsigned: return "long64-unsigned";
    case type::enumerated: return "enum";
    case type::float32: return "float32";
    case type::float64: return "float64";
    case type::date_time: return "date-time";
    case type::date: return "date";
    case type::time: return "time";
    case type::delta_integer: return "delta-integer";
    case type::delta_long: return "delta-long";
    case type::delta_double_long: return "delta-double-long";
    case type::delta_unsigned: return "delta-unsigned";
    case type::delta_long_unsigned: return "delta-long-unsigned";
    case type::delta_double_long_unsigned: return "delta-double-long-unsigned";
    case type::dont_care: return "dont-care";
  }
  return {};
}

}  // namespace smgw::dlms::axdr
