// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

namespace smgw::profile {

enum class han_role : std::uint8_t {
  consumer,    ///< CON: own values and log
  technician,  ///< SRV: system information, no values
  cls,         ///< a controllable local system
};

/// The HAN communication profile: one party of the home network. By certificate (scenario HKS.WS1) or, consumers only,
/// by user and password (HKS.WS2, RFC 7616).
struct han {
  std::string name;  ///< the file it came from
  std::string id;
  han_role role = han_role::consumer;
  std::string certificate;  ///< file of the pinned certificate; empty: user and password
  std::string user;
  std::string password_file;                          ///< file with HA1 of RFC 7616; the profile itself holds no secret
  std::string consumer;                               ///< consumer id whose data may be seen; consumers only
  std::chrono::seconds idle_limit{600};               ///< 10 min (FIA_UAU.6)
  std::chrono::seconds session_limit{48L * 60 * 60};  ///< 48 h (TR-03116-3)
  friend bool operator==(const han&, const han&) = default;
};

}  // namespace smgw::profile
