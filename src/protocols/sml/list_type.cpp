// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "protocols/sml/list_type.hpp"

#include "protocols/sml/elements.hpp"

namespace smgw::sml {
namespace {

// SML_SimpleValue is SML_Value without lists.
value read_simple(cursor& in) {
  auto v = read_value(in);
  if (v.kind == value::type::list) in.bad("a simple value is expected");
  return v;
}

list_type read(cursor& in) {
  in.list(2);
  switch (in.number(1)) {
    case 1: return read_moment(in);
    case 2: {
      in.list(3);
      timestamped_value v;
      v.time = read_moment(in);
      v.status = optional_status(in);
      v.value = read_simple(in);
      return v;
    }
    case 3: {
      in.list(2);
      cosem_value v;
      v.value = read_simple(in);
      in.list(2);
      v.scaler = read_scaler(in);
      v.unit = read_octet(in);
      return v;
    }
    default: in.stop(errc::unsupported, "SML_ListType has three choices"); return moment{};
  }
}

}  // namespace

expected<list_type> decode_list_type(bytes_view encoded) {
  cursor in{encoded};
  auto v = read(in);
  if (in.ok() && in.left() != 0) in.bad("octets behind an SML_ListType");
  if (!in.ok()) return in.refusal();
  return v;
}

}  // namespace smgw::sml
