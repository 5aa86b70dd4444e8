// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

/// \file
/// Simulated meters that push by other protocols than SML.

#include "household.hpp"

namespace smgw::sim {

/// A DLMS push in HDLC frames: import register with scaler and unit. With a key it is encrypted and authenticated.
[[nodiscard]] bytes dlms_push(const device_id& meter, const household& home, timestamp at, std::uint32_t counter,
                              bytes_view key, bytes_view authentication_key);
/// A readout by IEC 62056-21, as meters of mode D push it.
[[nodiscard]] bytes d0_push(const device_id& meter, const household& home, timestamp at);

}  // namespace smgw::sim
