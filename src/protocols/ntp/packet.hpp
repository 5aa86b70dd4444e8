// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

#include <smgw/types.hpp>

#include <array>

/// NTP inside TLS (detail specification 14): the packet of RFC 5905 without UDP, extensions and authentication.
namespace smgw::ntp {

inline constexpr std::size_t packet_octets = 48;
inline constexpr std::uint8_t not_synchronised = 3;  ///< leap indicator
enum class mode : std::uint8_t { client = 3, server = 4 };

/// A time of NTP: seconds since 1900 in the upper half, fractions in the lower.
using ntp_time = std::uint64_t;

/// Table 14.1.
struct packet {
  std::uint8_t leap = 0;
  std::uint8_t version = 4;
  std::uint8_t mode = 3;
  std::uint8_t stratum = 0;
  std::int8_t poll = 0;
  std::int8_t precision = 0;
  std::uint32_t root_delay = 0;       ///< 16.16 s
  std::uint32_t root_dispersion = 0;  ///< 16.16 s
  std::uint32_t reference_id = 0;
  ntp_time reference = 0, origin = 0, receive = 0, transmit = 0;
  friend bool operator==(const packet&, const packet&) = default;
};

/// malformed: not exactly 48 octets (REQ.TA.NTP.ProcessRequest.10).
[[nodiscard]] expected<packet> decode(bytes_view octets);
[[nodiscard]] std::array<std::uint8_t, packet_octets> encode(const packet& p);

/// What this implementation converts to UTC (ICS.TA.NTP.ProcessResponse.10): eras 0 and 1, from 2025 to the end of
/// 2099.
inline constexpr timestamp first_convertible{std::chrono::sys_days{std::chrono::year{2025} / 1 / 1}};
inline constexpr timestamp after_convertible{std::chrono::sys_days{std::chrono::year{2100} / 1 / 1}};

/// The era is that in which the time is not before 2025. expired: outside the convertible period.
[[nodiscard]] expected<timestamp> to_utc(ntp_time t);
/// Cut to milliseconds and written in fractions of 2^-32 s.
[[nodiscard]] ntp_time from_utc(timestamp t);

/// 16.16 seconds.
[[nodiscard]] std::chrono::milliseconds to_milliseconds(std::uint32_t short_format);
[[nodiscard]] std::uint32_t to_short_format(std::chrono::milliseconds t);

}  // namespace smgw::ntp
