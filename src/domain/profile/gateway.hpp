// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

#include "domain/profile/home_network.hpp"

#include <smgw/types.hpp>

#include <chrono>
#include <optional>
#include <string>
#include <vector>

namespace smgw::profile {

enum class lmn_protocol : std::uint8_t {
  sml,    ///< SML over a plain line or TCP (transport version 1), push or poll
  hdlc,   ///< SML in TLS over HDLC (REQ.TLSHDLC.*)
  wmbus,  ///< telegrams of a wM-Bus receiver
  dlms,   ///< DLMS pushes of a customer interface
  d0,     ///< readouts by IEC 62056-21 and P1, pushed or asked for
  mbus,   ///< wired M-Bus, the gateway as master
};

/// Makes of wM-Bus receivers.
enum class radio_receiver : std::uint8_t {
  im871a,
  iu891a,
  amber,
  cul_t,
  cul_c,
  rtl_wmbus,
  supplied,  ///< by the OEM; no profile names it
};
/// What is around the APDUs of DLMS pushes.
enum class push_transport : std::uint8_t { hdlc, wrapper, mbus, raw };
/// Bits of one character on a serial line: data, parity (none, even), stop.
enum class line_form : std::uint8_t { n81, e81, e71 };

/// One port of the local metrological network: a serial device or a TCP address.
struct lmn_port {
  std::string id;
  lmn_protocol protocol = lmn_protocol::sml;
  std::string serial;           ///< path of the device; empty when `tcp` is set
  unsigned baud = 921'600;      ///< serial only
  std::optional<endpoint> tcp;  ///< simulators and serial servers
  std::string pipe;             ///< path of a named pipe, or /dev/stdin: receivers that write lines of text
  line_form form = line_form::n81;
  radio_receiver receiver = radio_receiver::im871a;  ///< wmbus only
  push_transport push = push_transport::hdlc;        ///< dlms only
  std::chrono::seconds poll{0};                      ///< between two readouts (d0, mbus); 0: the meters push
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
