// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "protocols/socks/frame.hpp"

#include "base/octets.hpp"

#include <algorithm>

namespace smgw::socks {

bytes wrap(frame_state state, bytes_view records) {
  bytes out;
  out.reserve(records.size() + frame_header * (records.size() / max_frame + 1));
  while (!records.empty()) {
    const auto piece = records.first(std::min(records.size(), max_frame));
    records = records.subspan(piece.size());
    out.push_back(frame_version);
    out.push_back(static_cast<std::uint8_t>(state));
    put_be(out, static_cast<std::uint16_t>(piece.size()));
    put(out, piece);
  }
  return out;
}

expected<std::vector<frame>> frame_reader::feed(bytes_view in) {
  put(pending_, in);
  std::vector<frame> out;
  bytes_view rest{pending_};
  for (;;) {
    // Refused as soon as it is seen: a stream of something else must not be collected up to a length.
    if (!rest.empty() && rest[0] != frame_version) return fail(errc::malformed, "frame: version");
    if (rest.size() > 1) {
      const auto state = rest[1];
      if (state == static_cast<std::uint8_t>(frame_state::option_negotiation))
        return fail(errc::unsupported, "frame: option negotiation");
      if (state < 1 || state > 4) return fail(errc::malformed, "frame: state");
    }
    if (rest.size() < frame_header) break;
    const auto size = load_be<std::uint16_t>(rest.data() + 2);
    if (rest.size() < frame_header + size) break;
    const auto content = rest.subspan(frame_header, size);
    out.push_back({static_cast<frame_state>(rest[1]), bytes(content.begin(), content.end())});
    rest = rest.subspan(frame_header + size);
  }
  pending_ = bytes(rest.begin(), rest.end());
  return out;
}

}  // namespace smgw::socks
