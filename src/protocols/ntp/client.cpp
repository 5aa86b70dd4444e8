// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "protocols/ntp/client.hpp"

#include "base/check.hpp"
#include "base/octets.hpp"

#include <utility>

namespace smgw::ntp {
namespace {

/// Outside the range of the field, allowed in requests: "says nothing" (table 14.1).
constexpr std::int8_t no_precision = 0x20;
constexpr std::uint8_t highest_stratum = 15;

}  // namespace

std::array<std::uint8_t, packet_octets> client::request(timestamp own, time_point now, ntp_time random) {
  partial_.clear();
  asked_ = question{own, now, random};
  packet p;
  p.precision = no_precision;
  p.transmit = random;
  return encode(p);
}

expected<std::optional<measurement>> client::feed(bytes_view octets, timestamp own, time_point now, bool synchronised) {
  if (!asked_) return fail(errc::conflict, "NTP: nothing was asked");
  put(partial_, octets.first(std::min(octets.size(), packet_octets + 1)));
  if (partial_.size() < packet_octets) return std::nullopt;
  const auto asked = *std::exchange(asked_, std::nullopt);
  SMGW_TRY(const auto p, decode(std::exchange(partial_, {})));
  SMGW_TRY(const auto m, judge(p, asked, own, now, synchronised));
  return m;
}

expected<measurement> client::judge(const packet& p, const question& asked, timestamp own, time_point now,
                                    bool synchronised) const {
  const auto took = std::chrono::ceil<std::chrono::milliseconds>(now - asked.at);
  if (took > rules_.maximum_round_trip) return fail(errc::expired, "NTP: the answer took too long");
  if (p.version < 4) return fail(errc::malformed, "NTP: version");
  if (p.mode != std::to_underlying(mode::server)) return fail(errc::malformed, "NTP: not a server's answer");
  if (p.origin != asked.transmit) return fail(errc::conflict, "NTP: the answer to another question");
  if (p.leap == not_synchronised || p.stratum > highest_stratum)
    return fail(errc::unavailable, "NTP: the server is not synchronised");
  SMGW_TRY(const auto received, to_utc(p.receive));
  SMGW_TRY(const auto sent, to_utc(p.transmit));
  if (synchronised && std::chrono::abs(sent - own) > rules_.maximum_step)
    return fail(errc::untrusted, "NTP: too far from the own time");
  // T4 by the monotonic clock: the own time may have been set meanwhile.
  const auto back = asked.own + took;
  measurement m;
  m.server = sent;
  m.offset = ((received - asked.own) + (sent - back)) / 2;
  m.round_trip = std::max(took - (sent - received), std::chrono::milliseconds{0});
  m.maximum_error = m.round_trip / 2 + to_milliseconds(p.root_delay) / 2 + to_milliseconds(p.root_dispersion);
  m.stratum = p.stratum;
  m.reference_id = p.reference_id;
  return m;
}

}  // namespace smgw::ntp
