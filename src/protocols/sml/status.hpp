// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

/// \file
/// The meter part of the combined status word from the attribute status (REQ.TLSHDLC.SMGW.100; detail specification
/// 15, table 15.1). Bit 0 is the least significant bit.

#include "protocols/sml/values.hpp"

namespace smgw::sml {

/// The two wired columns of table 15.1.
enum class meter_kind : std::uint8_t {
  electricity,  ///< FNN basic meter
  gas,          ///< DVGW G697
};

inline constexpr std::uint32_t status_basic_meter = 1U << 2;
inline constexpr std::uint32_t status_wired_gas = 1U << 3;
inline constexpr std::uint32_t status_magnetic_tamper = 1U << 9;     ///< both kinds: bypass attempt, magnetic
inline constexpr std::uint32_t status_mechanical_tamper = 1U << 10;  ///< both kinds: terminal cover, seal
inline constexpr std::uint32_t status_fatal = 1U << 17;              ///< relevant to calibration law
inline constexpr std::uint32_t status_gas_lock = 1U << 28;           ///< gas: 0 tells that the calibration lock is open

/// The bit of the gateway part that follows from the meter part: MTR_Tamper.
inline constexpr std::uint32_t smgw_meter_tamper = 1U << 14;

/// The meter part of the status word. No attribute means no fault (DS 9.3.4.2). A status of up to eight octets is taken
/// if its value has 32 bits; refuses a larger one, whose bits are not those of the table (unsupported).
[[nodiscard]] expected<std::uint32_t> meter_word(const status& s, meter_kind kind);

/// The combined word's two parts for a value: the meter's, and MTR_Tamper in the gateway's.
[[nodiscard]] expected<status_word> to_status_word(const status& s, meter_kind kind);

}  // namespace smgw::sml
