// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "protocols/dlms/wrapper_frame.hpp"

#include "base/octets.hpp"
#include "protocols/dlms/apdu_tag.hpp"

#include <algorithm>

namespace smgw::dlms {

scan scan_wrapper(bytes_view in, wrapper_frame& out) noexcept {
  if (in.empty()) return scan::more(1);
  if (in[0] != 0) {
    const auto next = std::find(in.begin(), in.end(), std::uint8_t{0});
    return scan::noise(static_cast<std::size_t>(next - in.begin()));
  }
  if (in.size() < 2) return scan::more(2);
  if (in[1] != 1) return scan::noise();
  if (in.size() < 9) return scan::more(9);
  const std::size_t length = load_be<std::uint16_t>(&in[6]);
  if (length == 0 || length > max_telegram || !is_pushed(in[8])) return scan::noise();
  if (in.size() < 8 + length) return scan::more(8 + length);
  out = {.source = load_be<std::uint16_t>(&in[2]),
         .destination = load_be<std::uint16_t>(&in[4]),
         .apdu = in.subspan(8, length)};
  return scan::frame(8 + length);
}

void put_wrapper(bytes& out, const wrapper_frame& frame) {
  put_be(out, std::uint16_t{1});
  put_be(out, frame.source);
  put_be(out, frame.destination);
  put_be(out, static_cast<std::uint16_t>(frame.apdu.size()));
  put(out, frame.apdu);
}

}  // namespace smgw::dlms
