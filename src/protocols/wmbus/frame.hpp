// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

/// \file
/// Data link layer of wireless M-Bus (EN 13757-4:2019, clause 12): frame formats A and B with their CRCs, and the form
/// without CRCs that most receivers deliver and that all else here works on: L, C, M(2), A(6), from CI to the end.

#include "protocols/mbus/identity.hpp"

namespace smgw::wmbus {

using mbus::identity;

/// Longest frame without CRCs: the L octet and what it counts.
inline constexpr std::size_t max_frame = 256;
/// Longest frame in format A: two CRC octets for the first ten and for each further sixteen octets.
inline constexpr std::size_t max_frame_a = max_frame + 2 * 17;
/// L, C, M, A.
inline constexpr std::size_t link_header = 10;

enum class frame_format : std::uint8_t {
  a,         ///< modes S, T and C
  b,         ///< mode C
  stripped,  ///< CRCs checked and taken away by the receiver
};

/// How many octets of format `f` a frame with this L octet has (REQ.WMBUS.Unidirektional.30, .36).
[[nodiscard]] std::size_t frame_size(frame_format f, std::uint8_t length) noexcept;

/// Copies a frame without its CRCs to `out` and corrects L. Truncated: shorter than L says; malformed: an impossible L;
/// untrusted: a CRC is wrong; exhausted: `out` is too small. Octets behind the frame are ignored.
[[nodiscard]] expected<bytes_view> strip(frame_format f, bytes_view in, std::span<std::uint8_t> out);

/// C field values of meters and gateways (EN 13757-4, table 31).
enum class control : std::uint8_t {
  snd_nke = 0x40,
  snd_ud = 0x53,
  snd_nr = 0x44,  ///< send, no reply: the readings of a unidirectional meter
  snd_ir = 0x46,  ///< installation request
  acc_nr = 0x47,
  acc_dmd = 0x48,
  req_ud1 = 0x5A,
  req_ud2 = 0x5B,
  rsp_ud = 0x08,
  cnf_ir = 0x06,
  ack = 0x00,
};

/// The link layer of one stripped frame.
struct link_frame {
  std::uint8_t control = 0;  ///< C field, see wmbus::control
  identity sender;           ///< link layer address
  bytes_view address;        ///< M and A as received, eight octets (cipher input)
  bytes_view body;           ///< from the first CI on
};
/// Truncated or malformed when L and the size disagree, or when there is no CI.
[[nodiscard]] expected<link_frame> read_link(bytes_view stripped);

/// Reads an address in the order M, ID, version, type (link layer, eight octets).
[[nodiscard]] identity read_link_address(bytes_view eight) noexcept;
/// Reads an address in the order ID, M, version, type (transport layer, eight octets).
[[nodiscard]] identity read_transport_address(bytes_view eight) noexcept;

}  // namespace smgw::wmbus
