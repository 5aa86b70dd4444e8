// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "protocols/dlms/axdr_write.hpp"

#include "base/check.hpp"
#include "protocols/dlms/length.hpp"

#include <bit>

namespace smgw::dlms::axdr {
namespace {

void put_tag(bytes& out, type what) { out.push_back(static_cast<std::uint8_t>(what)); }

std::size_t integer_size(type what) {
  switch (what) {
    case type::boolean:
    case type::bcd:
    case type::integer:
    case type::unsigned_integer:
    case type::enumerated:
    case type::delta_integer:
    case type::delta_unsigned: return 1;
    case type::long_integer:
    case type::long_unsigned:
    case type::delta_long:
    case type::delta_long_unsigned: return 2;
    case type::double_long:
    case type::double_long_unsigned:
    case type::delta_double_long:
    case type::delta_double_long_unsigned: return 4;
    case type::long64:
    case type::long64_unsigned: return 8;
    default: return 0;
  }
}

}  // namespace

void put_array(bytes& out, std::size_t members) {
  put_tag(out, type::array);
  put_length(out, members);
}
void put_structure(bytes& out, std::size_t members) {
  put_tag(out, type::structure);
  put_length(out, members);
}
void put_null(bytes& out) { put_tag(out, type::null_data); }

void put_integer(bytes& out, type what, std::int64_t value) {
  const auto size = integer_size(what);
  SMGW_ASSERT(size != 0);
  put_tag(out, what);
  for (std::size_t i = size; i-- > 0;)
    out.push_back(static_cast<std::uint8_t>(static_cast<std::uint64_t>(value) >> (8 * i)));
}

void put_float32(bytes& out, float value) {
  put_tag(out, type::float32);
  put_be(out, std::bit_cast<std::uint32_t>(value));
}
void put_float64(bytes& out, double value) {
  put_tag(out, type::float64);
  put_be(out, std::bit_cast<std::uint64_t>(value));
}

void put_octets(bytes& out, type what, bytes_view data) {
  put_tag(out, what);
  put_length(out, data.size());
  put(out, data);
}

void put_bits(bytes& out, bytes_view data, std::size_t bits) {
  SMGW_ASSERT(data.size() == (bits + 7) / 8);
  put_tag(out, type::bit_string);
  put_length(out, bits);
  put(out, data);
}

void put_fixed(bytes& out, type what, bytes_view data) {
  SMGW_ASSERT(data.size() == (what == type::date_time ? 12U : what == type::date ? 5U : 4U));
  put_tag(out, what);
  put(out, data);
}

void put_compact_array(bytes& out, bytes_view description, bytes_view contents) {
  put_tag(out, type::compact_array);
  put(out, description);
  put_length(out, contents.size());
  put(out, contents);
}

void put_name(bytes& out, const obis& name) { put_octets(out, type::octet_string, name.code); }

void put_scaler_unit(bytes& out, std::int8_t scaler, unit u) {
  put_structure(out, 2);
  put_integer(out, type::integer, scaler);
  put_integer(out, type::enumerated, static_cast<std::uint8_t>(u));
}

}  // namespace smgw::dlms::axdr
