// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

#include <smgw/types.hpp>

namespace smgw::dlms {

/// FCS-16 and HCS-16 of HDLC (ISO/IEC 13239 annex A, CRC-16/X-25). On the wire the low octet comes first.
[[nodiscard]] std::uint16_t fcs16(bytes_view data) noexcept;

}  // namespace smgw::dlms
