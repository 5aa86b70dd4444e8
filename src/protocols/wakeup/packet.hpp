// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

#include <smgw/types.hpp>

#include <array>

namespace smgw::wakeup {

/// Octets 0 to 31: what the signature covers.
inline constexpr std::size_t signed_octets = 32;
/// 34 octets, an object identifier of up to 14, and r and s of up to 64 (detail specification 2.1, five curves).
inline constexpr std::size_t max_packet = 176;
inline constexpr std::size_t max_oid = 14;

/// The schemes of TR-03111 that a packet may name.
enum class scheme : std::uint8_t { ecdsa_plain_sha256, ecdsa_plain_sha384, ecdsa_plain_sha512 };

/// The rule of table 2.1 says least significant octet first, its example shows the opposite; a wrong choice fails
/// closed, since a time read backwards is far outside every window.
enum class time_order : std::uint8_t { least_significant_first, most_significant_first };

/// A wake-up message, version 1 (detail specification 2.1, table 2.1): "open a management channel". Views into the
/// datagram.
struct packet {
  device_id recipient;
  timestamp time{};
  bytes_view covered;    ///< the signed octets
  bytes_view oid;        ///< content octets of the signature algorithm
  bytes_view signature;  ///< plain r‖s
  friend bool operator==(const packet& a, const packet& b) { return a.recipient == b.recipient && a.time == b.time; }
};

/// Reads a datagram. `half` is the length of r and of s on the curve of the configured key: 32, 48 or 64 octets.
/// malformed: header, padding, format or length; unsupported: another version.
[[nodiscard]] expected<packet> parse(bytes_view datagram, std::size_t half,
                                     time_order order = time_order::least_significant_first);
/// The tests that cost nothing: header, version, length and recipient. What fails them is not worth a second look.
[[nodiscard]] bool may_be_for(bytes_view datagram, const device_id& own, std::size_t half) noexcept;
/// The signed octets of a packet.
[[nodiscard]] std::array<std::uint8_t, signed_octets> covered_octets(
    const device_id& recipient, timestamp time, time_order order = time_order::least_significant_first);
/// A whole packet; `signature` is plain r‖s over the SHA-2 digest of covered_octets().
[[nodiscard]] bytes encode(bytes_view covered, scheme s, bytes_view signature);

/// The scheme an object identifier names; unsupported.
[[nodiscard]] expected<scheme> to_scheme(bytes_view oid);

}  // namespace smgw::wakeup
