// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

#include "protocols/dlms/scan.hpp"

namespace smgw::dlms {

/// One long frame of the M-Bus link layer (EN 13757-2) that carries a piece of a DLMS APDU by the CI fields 00-1F
/// (EN 13757-1: segmentation with a final bit and a 4-bit number), as the customer interfaces of Austria do.
struct mbus_frame {
  std::uint8_t control = 0;
  std::uint8_t address = 0;
  std::uint8_t ci = 0;
  std::uint8_t source = 0;       ///< STSAP
  std::uint8_t destination = 0;  ///< DTSAP
  bytes_view info;

  [[nodiscard]] bool final() const noexcept { return (ci & 0x10) != 0; }
  [[nodiscard]] std::uint8_t number() const noexcept { return ci & 0x0F; }
};

inline constexpr std::size_t max_mbus_info = 250 - 5;  ///< octets of an APDU in one frame

/// Looks at the front of `in`: start, doubled length, checksum and stop must fit, and the CI must be one of DLMS.
/// Sagemcom T210-D (Austria) sends frames of 256 octets and more, whose length octet keeps only the rest beyond 256: a
/// length that no frame with a segment can have is read so.
[[nodiscard]] scan scan_mbus(bytes_view in, mbus_frame& out) noexcept;

void put_mbus(bytes& out, const mbus_frame& frame);

/// Appends an APDU in as many frames as needed.
void put_mbus_segments(bytes& out, bytes_view apdu);

}  // namespace smgw::dlms
