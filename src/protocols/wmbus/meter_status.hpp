// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

/// \file
/// The meter part of the combined status word for wireless meters (detail specification 15, table 15.1;
/// REQ.WMBUS.apl.80): STS of the transport layer and the error flags EF1 to EF3 of the data points MM02 and MM03.

#include "protocols/mbus/record.hpp"

namespace smgw::wmbus {

/// Error flag octets, as in records of VIF FD 17; absent octets are 0.
struct error_flags {
  std::uint8_t ef1 = 0;
  std::uint8_t ef2 = 0;
  std::uint8_t ef3 = 0;
  friend bool operator==(const error_flags&, const error_flags&) = default;
};
/// From the current error flags record of a telegram (storage 0): one octet EF1, two EF1 and EF2, three or more all.
/// Nothing is changed by other records.
void note_error_flags(const mbus::record& r, error_flags& into) noexcept;

/// Bits 0–7 EF1, 8–15 EF2, 16–23 EF3, 24–31 STS. The table counts the bits of each octet from the most significant one
/// (status-word table, section 4): table bit 8k+j is bit 7−j of octet k.
[[nodiscard]] std::uint32_t meter_status(const error_flags& ef, std::uint8_t sts) noexcept;

/// The gateway's bits that follow from it: 14 MTR_Tamper (EF1 magnetic, mechanical), 15 MTR_Error (permanent error or
/// abnormal state), 17 wireless meter; with the fixed bits 0 and 2.
[[nodiscard]] status_word status_of(const error_flags& ef, std::uint8_t sts) noexcept;

}  // namespace smgw::wmbus
