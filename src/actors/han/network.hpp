// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

#include "actors/cls/relay.hpp"
#include "actors/han/access.hpp"
#include "crypto/tls.hpp"

namespace smgw {

/// What the realm of the home network takes from outside.
struct home_network_parts {
  crypto::tls_config tls;                                 ///< of the door: identity, whom to believe, cache
  std::map<certificate_print, std::string> certificates;  ///< to ids of HAN profiles
  std::shared_ptr<const std::map<std::string, han::account>> users;
  std::function<bytes(std::size_t)> random;
  std::function<std::string()> program_hash;
  bytes han_certificate;  ///< DER
  std::string version;
  std::vector<cls::route> routes;  ///< proxy profiles, ready for use
  crypto::tls_config proxy_door;   ///< towards controllable systems that call
};

}  // namespace smgw
