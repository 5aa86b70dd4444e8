// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

#include "domain/profile/gateway.hpp"

#include <chrono>
#include <string>

namespace smgw::profile {

/// The time profile: NTP inside TLS with the administrator's server (detail specification 14).
struct time {
  std::string name;  ///< the file it came from; empty: there is none
  endpoint server;
  std::string tls_sni;
  std::string tls_certificate;              ///< file of the pinned certificate
  std::chrono::seconds poll{3600};          ///< at least 60 s
  std::chrono::seconds maximum_step{1000};  ///< larger deviations are ignored while synchronised
  std::chrono::milliseconds maximum_round_trip{9000};
  unsigned limit_percent = 3;  ///< of the smallest registration period; beyond, the time is not valid
  friend bool operator==(const time&, const time&) = default;
};

}  // namespace smgw::profile
