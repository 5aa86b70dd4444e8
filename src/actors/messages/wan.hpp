// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

/// \file
/// Towards administrator and market participants.

#include "actors/discipline.hpp"
#include "domain/firmware/update.hpp"

namespace smgw {

/// Something arrived at the wake-up port that may be a wake-up for this gateway.
struct wake_up_heard {
  bytes datagram;
};
/// The administrator asks for a management connection.
struct open_management {};

/// A step of a firmware update that the administrator orders.
struct order_firmware {
  firmware::step what = firmware::step::order;
  bytes manifest;  ///< for `order`: signed by the manufacturer
};
/// How the update stands.
struct query_firmware {};
struct firmware_report {
  std::string text;  ///< for people
};

}  // namespace smgw

SMGW_MESSAGE(wake_up_heard)
SMGW_MESSAGE(open_management)
SMGW_MESSAGE(order_firmware)
SMGW_MESSAGE(query_firmware)
SMGW_MESSAGE(firmware_report)
