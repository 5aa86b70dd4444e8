// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

#include "domain/profile/home_network.hpp"

#include <smgw/types.hpp>

#include <optional>
#include <string>
#include <vector>

namespace smgw::profile {

enum class lmn_protocol : std::uint8_t {
  sml,    ///< SML over a plain line or TCP (transport version 1), push or poll
  hdlc,   ///< SML in TLS over HDLC (REQ.TLSHDLC.*)
  wmbus,  ///< telegrams of a wM-Bus receiver
};

/// One port of the local metrological network: a serial device or a TCP address.
struct lmn_port {
  std::string id;
  lmn_protocol protocol = lmn_protocol::sml;
  std::string serial;           ///< path of the device; empty when `tcp` is set
  unsigned baud = 921'600;      ///< serial only
  std::optional<endpoint> tcp;  ///< simulators and serial servers
  friend bool operator==(const lmn_port&, const lmn_port&) = default;
};

/// `gateway.json`: what the process needs before it can read anything else.
struct gateway {
  std::string name;  ///< the file it came from
  device_id id;
  std::string data_directory;
  std::string key_store;  ///< line for the key store back end, for example `soft:keys.db`
  std::vector<lmn_port> lmn_ports;
  std::optional<home_network> home;  ///< none: nothing listens in the home network
  friend bool operator==(const gateway&, const gateway&) = default;
};

}  // namespace smgw::profile
