// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

/// \file
/// Controllable systems.

#include "actors/cls/relay.hpp"
#include "actors/messages/common.hpp"

namespace smgw {

/// The administrator wants this proxy profile connected now (HKS4).
struct open_proxy {
  std::string profile;
};
/// It is being connected; the log tells what comes of it.
struct proxy_opening {};
/// A relay has begun, has ended, or was refused.
struct relay_said {
  cls::relay_report report;
};
/// The thread of a relay is over.
struct relay_over {
  std::uint64_t number = 0;
};

}  // namespace smgw

SMGW_MESSAGE(open_proxy)
SMGW_MESSAGE(proxy_opening)
SMGW_MESSAGE(relay_said)
SMGW_MESSAGE(relay_over)
