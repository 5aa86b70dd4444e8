// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

#include "domain/profile/endpoint.hpp"

#include <cstdint>
#include <optional>
#include <set>
#include <string>

namespace smgw::profile {

/// Interfaces of other makers' gateways that this one can speak too, so that programs in the field work unmodified.
enum class dialect : std::uint8_t { theben, emh, trudi, ppc };

/// Channels of controllable systems at the same time: each has a thread and two TLS sessions (ours).
inline constexpr unsigned max_proxy_connections = 512;

/// The part of the gateway profile about the home network: where the gateway listens, and what it speaks there.
struct home_network {
  endpoint listen;                   ///< HTTPS
  std::optional<endpoint> proxy;     ///< SOCKSv5 with TLS for controllable systems (detail specification 11)
  std::optional<endpoint> time;      ///< NTP inside TLS (detail specification 14); none: the gateway tells no time
  std::set<dialect> dialects;        ///< none: only the interface of the detail specification
  bool md5 = false;                  ///< for clients without SHA-256 (REQ.BenutzerAuth.Allgemein.30)
  bool lenient_digest = false;       ///< some clients use a nonce's count again, or compute a POST as GET
  unsigned connections = 32;         ///< at the same time
  unsigned proxy_connections = 128;  ///< of controllable systems, over all proxy profiles
  bool mdns = true;  ///< answers `<id>.local` and `smgw.local`, asks for others (detail specification 12)
  friend bool operator==(const home_network&, const home_network&) = default;
};

}  // namespace smgw::profile
