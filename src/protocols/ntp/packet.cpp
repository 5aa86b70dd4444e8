// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "protocols/ntp/packet.hpp"

#include "base/octets.hpp"

#include <algorithm>

namespace smgw::ntp {
namespace {

constexpr std::int64_t seconds_1900_to_1970 = 2'208'988'800;
constexpr std::int64_t era = std::int64_t{1} << 32;

std::int64_t seconds_of(timestamp t) { return std::chrono::floor<std::chrono::seconds>(t).time_since_epoch().count(); }

}  // namespace

expected<packet> decode(bytes_view octets) {
  if (octets.size() != packet_octets) return fail(errc::malformed, "NTP: exactly 48 octets");
  const auto* at = octets.data();
  packet p;
  p.leap = at[0] >> 6;
  p.version = (at[0] >> 3) & 7;
  p.mode = at[0] & 7;
  p.stratum = at[1];
  p.poll = static_cast<std::int8_t>(at[2]);
  p.precision = static_cast<std::int8_t>(at[3]);
  p.root_delay = load_be<std::uint32_t>(at + 4);
  p.root_dispersion = load_be<std::uint32_t>(at + 8);
  p.reference_id = load_be<std::uint32_t>(at + 12);
  p.reference = load_be<std::uint64_t>(at + 16);
  p.origin = load_be<std::uint64_t>(at + 24);
  p.receive = load_be<std::uint64_t>(at + 32);
  p.transmit = load_be<std::uint64_t>(at + 40);
  return p;
}

std::array<std::uint8_t, packet_octets> encode(const packet& p) {
  bytes out;
  out.push_back(static_cast<std::uint8_t>((p.leap << 6) | ((p.version & 7) << 3) | (p.mode & 7)));
  out.push_back(p.stratum);
  out.push_back(static_cast<std::uint8_t>(p.poll));
  out.push_back(static_cast<std::uint8_t>(p.precision));
  for (const auto word : {p.root_delay, p.root_dispersion, p.reference_id}) put_be(out, word);
  for (const auto time : {p.reference, p.origin, p.receive, p.transmit}) put_be(out, time);
  std::array<std::uint8_t, packet_octets> octets{};
  std::ranges::copy(out, octets.begin());
  return octets;
}

expected<timestamp> to_utc(ntp_time t) {
  auto seconds = static_cast<std::int64_t>(t >> 32) - seconds_1900_to_1970;
  if (seconds < seconds_of(first_convertible)) seconds += era;
  // Rounded to the nearest millisecond: a time written and read again is the same.
  const auto fraction = static_cast<std::int64_t>(((t & 0xFFFF'FFFFU) * 1000 + (1U << 31)) >> 32);
  const timestamp utc{std::chrono::seconds{seconds} + std::chrono::milliseconds{fraction}};
  if (utc < first_convertible || utc >= after_convertible)
    return fail(errc::expired, "NTP: a time outside 2025 to 2099");
  return utc;
}

ntp_time from_utc(timestamp t) {
  const auto seconds = static_cast<std::uint64_t>(seconds_of(t) + seconds_1900_to_1970);
  const auto rest = static_cast<std::uint64_t>((t - std::chrono::floor<std::chrono::seconds>(t)).count());
  return (seconds << 32) | ((rest << 32) / 1000);
}

std::chrono::milliseconds to_milliseconds(std::uint32_t short_format) {
  return std::chrono::milliseconds{static_cast<std::int64_t>((std::uint64_t{short_format} * 1000 + 0xFFFF) >> 16)};
}

std::uint32_t to_short_format(std::chrono::milliseconds t) {
  const auto count = std::clamp<std::int64_t>(t.count(), 0, 65'535'000);
  return static_cast<std::uint32_t>((static_cast<std::uint64_t>(count) << 16) / 1000);
}

}  // namespace smgw::ntp
