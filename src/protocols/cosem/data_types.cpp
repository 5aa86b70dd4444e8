// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "protocols/cosem/data_types.hpp"

#include <algorithm>
#include <array>

namespace smgw::cosem {
namespace {

using enum data_type;
constexpr type_row numeric(data_type t, std::string_view name, std::int64_t least, std::uint64_t most) {
  return {t, name, form::number, least, most, 0};
}
constexpr type_row hex(data_type t, std::string_view name, std::size_t octets) {
  return {t, name, form::hex, 0, 0, octets};
}

constexpr std::array rows{
    type_row{null_data, "null-data"},
    type_row{dont_care, "dont-care"},
    type_row{boolean, "boolean", form::boolean},
    type_row{bit_string, "bit-string", form::bits},
    numeric(integer, "integer", INT8_MIN, INT8_MAX),
    numeric(long_, "long", INT16_MIN, INT16_MAX),
    numeric(double_long, "double-long", INT32_MIN, INT32_MAX),
    numeric(long64, "long64", INT64_MIN, INT64_MAX),
    numeric(unsigned_, "unsigned", 0, UINT8_MAX),
    numeric(long_unsigned, "long-unsigned", 0, UINT16_MAX),
    numeric(double_long_unsigned, "double-long-unsigned", 0, UINT32_MAX),
    numeric(long64_unsigned, "long64-unsigned", 0, UINT64_MAX),
    numeric(enum_, "enum", 0, UINT8_MAX),
    numeric(bcd, "bcd", INT8_MIN, INT8_MAX),
    hex(floating_point, "floating-point", 4),
    hex(float32, "float32", 4),
    hex(float64, "float64", 8),
    hex(octet_string, "octet-string", 0),
    hex(date_time, "date_time", 12),
    hex(date, "date", 5),
    hex(time, "time", 4),
    type_row{visible_string, "visible-string", form::text},
    type_row{utf8_string, "UTF8-string", form::text},
    type_row{array, "array", form::list},
    type_row{structure, "structure", form::list},
};

/// Octets of the UTF-8 sequence at the front; 0 if it is none.
std::size_t sequence(std::string_view t) noexcept {
  const auto at = [&](std::size_t i) { return static_cast<unsigned char>(t[i]); };
  const unsigned first = at(0);
  const std::size_t n = first < 0x80   ? 1
                        : first < 0xc2 ? 0
                        : first < 0xe0 ? 2
                        : first < 0xf0 ? 3
                        : first < 0xf5 ? 4
                                       : 0;
  if (n == 0 || n > t.size()) return 0;
  for (std::size_t i = 1; i < n; ++i)
    if ((at(i) & 0xc0) != 0x80) return 0;
  if (n < 3) return n;
  const unsigned second = at(1);
  const bool overlong = (first == 0xe0 && second < 0xa0) || (first == 0xf0 && second < 0x90);
  const bool surrogate = first == 0xed && second > 0x9f;
  const bool outside = first == 0xf4 && second > 0x8f;
  const bool no_character = first == 0xef && second == 0xbf && at(2) >= 0xbe;  // FFFE, FFFF
  return overlong || surrogate || outside || no_character ? 0 : n;
}

}  // namespace

const type_row& row_of(data_type type) noexcept { return *std::ranges::find(rows, type, &type_row::type); }

const type_row* row_of(std::string_view name) noexcept {
  const auto* found = std::ranges::find(rows, name, &type_row::name);
  return found == rows.end() ? nullptr : found;
}

bool is_xml_text(std::string_view text) noexcept {
  while (!text.empty()) {
    const auto n = sequence(text);
    const char c = text.front();
    if (n == 0 || (n == 1 && ((c < ' ' && c != '\t' && c != '\n') || c == 0x7f))) return false;
    text.remove_prefix(n);
  }
  return true;
}

}  // namespace smgw::cosem
