// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

#include "base/octets.hpp"
#include "protocols/dlms/records.hpp"

#include <algorithm>
#include <vector>

namespace smgw::dlms {

/// The same elements with each length in its longest form (84 and four octets), as A-XDR allows. record_cursor reads
/// the short forms of meters from their octets and all else element by element: both must come to the same records.
inline bytes in_long_form(const std::vector<axdr::element>& elements) {
  bytes out;
  for (const auto& e : elements) {
    out.push_back(static_cast<std::uint8_t>(e.what));
    const bool counted = e.container() || e.what == axdr::type::bit_string;
    if (counted || e.what == axdr::type::octet_string || e.text()) {
      const auto length = counted ? std::size_t{e.count} : e.data.size();
      out.push_back(0x84);
      put_be(out, static_cast<std::uint32_t>(length));
    }
    put(out, e.data);
  }
  return out;
}

/// Whether two records say the same, wherever their octets are.
inline bool same(const record& a, const record& b) {
  return a.name == b.name && a.named == b.named && a.attribute == b.attribute && a.position == b.position &&
         a.part == b.part && a.value.what == b.value.what && a.value.depth == b.value.depth &&
         a.value.count == b.value.count && std::ranges::equal(a.value.data, b.value.data) && a.number == b.number &&
         a.measured == b.measured && a.scaled == b.scaled;
}

}  // namespace smgw::dlms
