// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

/// \file
/// How the decoders read the data types of values.hpp. A fault stays in the cursor, and what is given then is of no
/// use; whoever starts a body asks the cursor at its end.

#include "protocols/sml/tl.hpp"
#include "protocols/sml/values.hpp"

namespace smgw::sml {

inline std::uint32_t read_seconds(cursor& in) { return static_cast<std::uint32_t>(in.number(4)); }
inline std::uint8_t read_octet(cursor& in) { return static_cast<std::uint8_t>(in.number(1)); }
inline std::int8_t read_scaler(cursor& in) { return static_cast<std::int8_t>(in.signed_number(1)); }
inline std::optional<std::uint8_t> optional_octet(cursor& in) {
  if (in.absent()) return std::nullopt;
  return read_octet(in);
}
inline std::optional<std::int8_t> optional_scaler(cursor& in) {
  if (in.absent()) return std::nullopt;
  return read_scaler(in);
}

inline void read_local_time(cursor& in, moment& m) {
  m.seconds = read_seconds(in);
  m.local_offset = static_cast<std::int16_t>(in.signed_number(2));
  m.season_offset = static_cast<std::int16_t>(in.signed_number(2));
}

inline moment read_present_moment(cursor& in) {
  moment m;
  if (!in.next_is_list()) {
    m.kind = moment::form::bare;
    m.seconds = read_seconds(in);
    return m;
  }
  const auto elements = in.head().length;
  if (elements == 3) {
    m.kind = moment::form::three_values;
    read_local_time(in, m);
    return m;
  }
  const auto choice = elements == 2 ? in.number(1) : 0;
  if (choice < 1 || choice > 3) {
    in.bad("SML_Time has three choices");
    return m;
  }
  if (in.next_is_list()) {
    in.list(3);
    m.kind = choice == 3 ? moment::form::timestamp_local : moment::form::three_values;
    read_local_time(in, m);
    return m;
  }
  if (choice == 3) in.bad("timestampLocal has three values");
  m.kind = choice == 1 ? moment::form::second_index : moment::form::timestamp;
  m.seconds = read_seconds(in);
  return m;
}

/// SML_Time, and the two shapes that are not in the standard (see moment::form).
inline moment read_moment(cursor& in) { return in.absent() ? moment{} : read_present_moment(in); }

inline status read_status(cursor& in) {
  const auto e = in.head();
  if (e.type != tl_type::unsigned_integer || e.length - 1U >= 8) {
    in.bad("SML_Status is an unsigned integer");
    return {};
  }
  return {in.big_endian(e.length), static_cast<std::uint8_t>(e.length)};
}
inline status optional_status(cursor& in) { return in.absent() ? status{} : read_status(in); }

inline value read_value(cursor& in) {
  value v;
  if (in.next_is_list()) {
    v.kind = value::type::list;
    v.data = in.skip();
    return v;
  }
  const auto e = in.head();
  switch (e.type) {
    case tl_type::octet_string: v.data = in.data(e.length); return v;
    case tl_type::boolean:
      if (e.length != 1) break;
      v.kind = value::type::boolean;
      v.width = 1;
      v.bits = in.big_endian(1) != 0 ? 1 : 0;
      return v;
    case tl_type::integer:
      if (e.length - 1U >= 8) break;
      v.kind = value::type::integer;
      v.width = static_cast<std::uint8_t>(e.length);
      v.bits = static_cast<std::uint64_t>(cursor::sign_extended(in.big_endian(e.length), e.length));
      return v;
    case tl_type::unsigned_integer:
      if (e.length - 1U >= 8) break;
      v.kind = value::type::unsigned_integer;
      v.width = static_cast<std::uint8_t>(e.length);
      v.bits = in.big_endian(e.length);
      return v;
    default: break;
  }
  in.bad("SML_Value of an unknown type or width");
  return v;
}

/// Sets every field: what `e` held before does not matter.
inline void read_entry(cursor& in, register_entry& e) {
  in.list(7);
  e.name = in.octets();
  e.status = optional_status(in);
  e.val_time = read_moment(in);
  e.unit = optional_octet(in);
  e.scaler = optional_scaler(in);
  e.value = read_value(in);
  e.signature = in.octets();
}
inline period_entry read_period_entry(cursor& in) {
  in.list(5);
  period_entry e;
  e.name = in.octets();
  e.unit = read_octet(in);
  e.scaler = read_scaler(in);
  e.value = read_value(in);
  e.signature = in.octets();
  return e;
}
inline profile_header read_header(cursor& in) {
  in.list(3);
  profile_header h;
  h.name = in.octets();
  h.unit = read_octet(in);
  h.scaler = read_scaler(in);
  return h;
}

}  // namespace smgw::sml
