// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

#include "domain/profile/profile_set.hpp"

namespace smgw::access {

/// What the profiles do not say about the machine.
struct machine {
  std::string wan = "eth0";  ///< interface names
  std::string han = "eth1";
  std::uint16_t home_port = 443;         ///< of the home network's web service; 0: none
  std::uint16_t proxy_port = 1080;       ///< of the proxy's local leg; 0: none
  std::vector<std::string> resolvers{};  ///< addresses of name servers on the WAN
};

/// The flow table as nftables rules for these profiles: everything is dropped but what a row allows and a profile
/// names. WAN and home network are never joined. malformed: an interface or an address could be read as something else.
[[nodiscard]] expected<std::string> nftables(const profile::profile_set& profiles, const machine& on);

}  // namespace smgw::access
