// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

#include "domain/profile/gateway.hpp"
#include "domain/schedule/weekly.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <vector>

namespace smgw::profile {

enum class proxy_direction : std::uint8_t { cls, market_participant, gateway };

/// The proxy profile: which controllable system may reach which market participant (detail specification 11), when, and
/// how much. The published text names limits of time and volume but no members for them: `cls_service`, `schedule`,
/// `volume_limit` and `daily_volume_limit` are PROPOSED, here and nowhere else.
struct proxy {
  std::string name;  ///< the file it came from
  std::string id;
  std::string local_server_name;  ///< the name a controllable system asks for: 1..63 of `[a-z0-9.-]`
  std::vector<endpoint> wan_peer_addresses;
  std::string wan_tls_sni;
  /// Where the controllable system listens; for what the gateway or a market participant begins. A name that ends in
  /// `.local` is looked up in the home network (RFC 6762).
  std::optional<endpoint> cls_address;
  /// Or the service it offers there, which says its port, too: `controlbox._ship._tcp.local` (RFC 6763, 4.1).
  std::string cls_service;
  std::string wan_certificate;  ///< file of the pinned certificate of the market participant
  std::string cls_certificate;  ///< file of the pinned certificate of the controllable system
  proxy_direction initiated_by = proxy_direction::cls;
  std::chrono::seconds idle_limit{300};
  std::chrono::seconds duration_limit{48L * 60 * 60};  ///< 48 h (TR-03116-3 5.1.2)
  unsigned connections = 8;                            ///< at the same time
  schedule::weekly schedule;                           ///< outside of it nothing opens, and what is open ends
  /// Octets of the application, both directions together: of one connection, and of all of a day of legal time.
  std::optional<std::uint64_t> volume_limit, daily_volume_limit;
  friend bool operator==(const proxy&, const proxy&) = default;
};

}  // namespace smgw::profile
