// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#include "protocols/mbus/plain_text.hpp"

#include "protocols/mbus/vif.hpp"

#include <algorithm>

namespace smgw::mbus {
namespace {

// Not empty, whole, and without control characters of ISO 8859-1.
bool is_text(bytes_view in) noexcept {
  if (in.empty() || in[0] == 0 || in.size() <= in[0]) return false;
  return std::ranges::all_of(in.subspan(1, in[0]), [](std::uint8_t c) { return (c & 0x7FU) >= 0x20 && c != 0x7F; });
}

}  // namespace

expected<void> take_plain_text(bytes_view& in, bytes_view& text) {
  if (in.empty() || in.size() <= in.front()) return fail(errc::truncated, "record header ends too early");
  text = in.subspan(1, in.front());
  in = in.subspan(text.size() + 1);
  return {};
}

bool is_text_behind_vifes(bytes_view in) noexcept {
  constexpr std::uint8_t more = 0x80;
  if (is_text(in)) return false;
  std::size_t n = 0;
  while (n < in.size() && n < max_vife && (in[n] & more) != 0) ++n;
  return n < in.size() && is_text(in.subspan(n + 1));
}

}  // namespace smgw::mbus
