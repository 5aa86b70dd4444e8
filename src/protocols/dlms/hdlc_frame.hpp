// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

#include "protocols/dlms/scan.hpp"

namespace smgw::dlms {

/// One HDLC frame of frame format type 3 (IEC 62056-46, 6.4; DLMS UA 1000-2 clause 8), as views into the input.
struct hdlc_frame {
  bytes_view destination;  ///< 1, 2 or 4 octets as on the wire
  bytes_view source;
  std::uint8_t control = 0;
  bool segmented = false;  ///< more frames of the same telegram follow
  bytes_view info;
};

/// The length field has 11 bits and counts all but the two flags (IEC 62056-46, 6.4.2).
inline constexpr std::size_t max_hdlc_frame = 2047 + 2;

/// Looks at the octets at the front of `in`, the opening flag first. A frame has a valid length, HCS, FCS and closing
/// flag; that flag may be the opening one of the next frame, so it is part of `size` only if another flag follows.
[[nodiscard]] scan scan_hdlc(bytes_view in, hdlc_frame& out) noexcept;

/// Appends a frame with both flags.
void put_hdlc(bytes& out, const hdlc_frame& frame);

/// Appends a telegram in as many frames as `max_info` octets each ask for (segmentation bit set in all but the last).
/// `information` begins with the LLC header, if there is one.
void put_hdlc_segments(bytes& out, bytes_view destination, bytes_view source, bytes_view information,
                       std::size_t max_info);

}  // namespace smgw::dlms
