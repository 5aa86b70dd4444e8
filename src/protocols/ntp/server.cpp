// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "protocols/ntp/server.hpp"

#include <algorithm>
#include <utility>

namespace smgw::ntp {

std::optional<std::array<std::uint8_t, packet_octets>> answer(bytes_view request, timestamp received, timestamp now,
                                                              const server_state& state) {
  const auto asked = decode(request);
  if (!asked || asked->mode != std::to_underlying(mode::client) || asked->version != 4) return std::nullopt;
  packet p;
  p.mode = std::to_underlying(mode::server);
  p.poll = state.poll;
  p.precision = state.precision;
  p.origin = asked->transmit;
  p.receive = from_utc(received);
  p.transmit = from_utc(now);
  if (!state.synchronised) {
    // The time goes out all the same, marked: whoever asks decides (REQ.TA.NTP.BuildResponse.20).
    p.leap = not_synchronised;
    p.stratum = 16;
    return encode(p);
  }
  p.stratum = static_cast<std::uint8_t>(state.upstream_stratum + 1);
  p.reference_id = state.reference_id;
  p.root_delay = to_short_format(state.root_delay);
  p.root_dispersion = to_short_format(state.root_dispersion);
  p.reference = from_utc(state.last_synchronised);
  return encode(p);
}

bool server_line::take_token(time_point at) {
  while (tokens_ < burst && at - filled_ >= refill) {
    ++tokens_;
    filled_ += refill;
  }
  if (tokens_ == burst) filled_ = at;
  if (tokens_ == 0) return false;
  --tokens_;
  return true;
}

server_line::output server_line::feed(bytes_view octets, timestamp received, timestamp now, time_point at,
                                      const server_state& state) {
  output out;
  while (!octets.empty() && !out.close) {
    const auto n = std::min(octets.size(), packet_octets - partial_.size());
    partial_.insert(partial_.end(), octets.begin(), octets.begin() + static_cast<std::ptrdiff_t>(n));
    octets = octets.subspan(n);
    if (partial_.size() < packet_octets) break;
    const auto reply = take_token(at) ? answer(partial_, received, now, state) : std::nullopt;
    partial_.clear();
    if (reply)
      out.transmit.insert(out.transmit.end(), reply->begin(), reply->end());
    else
      out.close = ++ignored_ > patience;
  }
  return out;
}

}  // namespace smgw::ntp
