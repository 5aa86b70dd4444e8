// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

/// \file
/// A proxied connection from its beginning to its end, on a thread of its own: two TLS sessions that know nothing of
/// each other, and octets between them that the gateway does not look into (detail specification 11).

#include "actors/cls/leg.hpp"
#include "actors/cls/routes.hpp"

#include <functional>
#include <stop_token>

namespace smgw::cls {

inline constexpr std::chrono::seconds request_budget{20};  ///< handshake and CONNECT of the controllable system
inline constexpr std::chrono::seconds connect_budget{10};  ///< to the market participant, with its handshake
inline constexpr std::chrono::seconds refusal_grace{10};   ///< REQ.TA.SOCKSTLS.Connect.70
inline constexpr std::chrono::seconds closing_grace{5};    ///< REQ.TA.SOCKSTLS.ClosingHandshake.20

/// What became of a connection; also told when it begins to carry data.
struct relay_report {
  std::string profile;  ///< empty: it did not come so far
  std::string source;
  std::string destination;
  socks::reply_code code = socks::reply_code::connected;
  bool opened = false;  ///< it carries data from now on
  std::string why;
  std::uint64_t to_market = 0, to_system = 0;  ///< octets
};

struct relay_world {
  std::shared_ptr<route_book> book;
  crypto::tls_config door;  ///< TLS server towards controllable systems
  std::function<timestamp()> now;
  std::function<void(const relay_report&)> report;  ///< called on the relay's thread
};

/// Serves a controllable system that has called, until the end. `stop` ends it soon.
void serve(const relay_world& world, io::descriptor stream, const std::string& source, const std::stop_token& stop);
/// Calls the market participant and the controllable system, which is at one of these addresses, and carries data
/// between them (REQ.TA.TLS.OpenHanSessionAsClient).
void connect_both(const relay_world& world, const route& r, const std::vector<profile::endpoint>& system_at,
                  const std::stop_token& stop);

}  // namespace smgw::cls
