// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "base/crc16.hpp"
#include "protocols/sml/escape.hpp"
#include "protocols/sml/transport.hpp"

namespace smgw::sml {

void put_file(bytes& out, bytes_view payload) {
  using escape::esc, escape::start_sequence, escape::end_mark, escape::find_octet, escape::end_of_run;
  const auto begin = out.size();
  put(out, start_sequence);
  for (std::size_t i = 0; i < payload.size();) {
    const auto run = find_octet(payload, i);
    const auto end = end_of_run(payload, run);
    put(out, payload.subspan(i, end - i));
    out.insert(out.end(), (end - run) / 4 * 4, esc);
    i = end;
  }
  const auto padding = (4 - (out.size() - begin) % 4) % 4;
  out.insert(out.end(), padding, 0);
  out.insert(out.end(), {esc, esc, esc, esc, end_mark, static_cast<std::uint8_t>(padding)});
  put_le(out, crc16_x25(bytes_view{out}.subspan(begin)));
}

}  // namespace smgw::sml
