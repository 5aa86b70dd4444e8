// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

#include "protocols/dlms/scan.hpp"

namespace smgw::dlms {

/// One wrapper PDU of the TCP-UDP/IP transport (IEC 62056-47): version 1, two ports, length.
struct wrapper_frame {
  std::uint16_t source = 0;
  std::uint16_t destination = 0;
  bytes_view apdu;
};

/// Looks at the front of `in`. The header has no checksum, so what follows it must look like an APDU that is pushed
/// and be no longer than max_telegram; else the two octets 00 01 in noise would swallow what comes after.
[[nodiscard]] scan scan_wrapper(bytes_view in, wrapper_frame& out) noexcept;

void put_wrapper(bytes& out, const wrapper_frame& frame);

}  // namespace smgw::dlms
