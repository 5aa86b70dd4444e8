// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

// Any octets as an A-XDR value. It is checked as it is read; what decodes is written again element by element, and the
// copy must read the same; so must its records, whatever the form of its lengths.

#include "base/check.hpp"
#include "protocols/dlms/axdr_write.hpp"
#include "protocols/dlms/long_form.hpp"

using namespace smgw;
using namespace smgw::dlms;
using axdr::type;

namespace {

// Compact arrays come back as arrays of tagged members: their number is counted first.
std::size_t members_of(const std::vector<axdr::element>& all, std::size_t at) {
  std::size_t n = 0;
  for (auto i = at + 1; i < all.size() && all[i].depth > all[at].depth; ++i) n += all[i].depth == all[at].depth + 1;
  return n;
}

void put(bytes& out, const std::vector<axdr::element>& all, std::size_t at) {
  const auto& e = all[at];
  if (e.container()) {
    const auto n = members_of(all, at);
    SMGW_ASSERT(e.what == type::compact_array || n == e.count);
    if (e.what == type::structure)
      axdr::put_structure(out, n);
    else
      axdr::put_array(out, n);
  } else if (e.what == type::octet_string || e.text()) {
    axdr::put_octets(out, e.what, e.data);
  } else if (e.what == type::bit_string) {
    axdr::put_bits(out, e.data, e.count);
  } else {
    out.push_back(static_cast<std::uint8_t>(e.what));
    out.insert(out.end(), e.data.begin(), e.data.end());
  }
}

std::vector<axdr::element> read(bytes_view in, bool& whole) {
  std::vector<axdr::element> all;
  axdr::cursor c{in};
  axdr::element e;
  while (c.next(e)) {
    SMGW_ASSERT(e.data.data() == nullptr ||
                (e.data.data() >= in.data() && e.data.data() + e.data.size() <= in.data() + in.size()));
    (void)axdr::number_of(e);
    all.push_back(e);
  }
  SMGW_ASSERT(all.size() <= axdr::max_elements);
  whole = !c.failed();
  const auto checked = axdr::check(in);
  SMGW_ASSERT(checked.has_value() == (whole && c.rest().empty()));
  SMGW_ASSERT(whole || checked.error().code == c.status().error().code);
  return all;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const bytes_view in{data, size};
  record_cursor records{in};
  record r;
  while (records.next(r)) {
  }
  bool whole = false;
  const auto all = read(in, whole);
  if (!whole) return 0;
  bytes again;
  for (std::size_t i = 0; i < all.size(); ++i) put(again, all, i);
  const auto twice = read(again, whole);
  SMGW_ASSERT(whole && twice.size() == all.size());
  for (std::size_t i = 0; i < all.size(); ++i) {
    const auto what = all[i].what == type::compact_array ? type::array : all[i].what;
    SMGW_ASSERT(twice[i].what == what && twice[i].depth == all[i].depth &&
                std::ranges::equal(twice[i].data, all[i].data));
  }
  const auto longer = in_long_form(twice);
  record_cursor shorts{again};
  record_cursor longs{longer};
  record other;
  while (shorts.next(r)) SMGW_ASSERT(longs.next(other) && same(r, other));
  SMGW_ASSERT(!longs.next(other));
  return 0;
}
