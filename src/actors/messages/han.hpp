// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

/// \file
/// The home network.

#include "actors/io/streams.hpp"
#include "actors/messages/common.hpp"
#include "protocols/http/message.hpp"

#include <array>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace smgw {

/// Someone has connected.
struct home_connection {
  std::shared_ptr<io::descriptor> stream;
  std::string source;  ///< address, without the port
};
/// SHA-256 over a certificate.
using certificate_print = std::array<std::uint8_t, 32>;
/// A request of a connection.
struct home_request {
  http::request asked;
  std::optional<certificate_print> certificate;  ///< of the client, if it has shown a known one
  std::string source;
};
/// Its answer; with `stream` the connection goes on with what `home_event` brings.
struct home_answer {
  http::response out;
  bool stream = false;
};
/// The next part of a stream.
struct home_event {
  bytes data;
};
/// Octets have left the wire; so many still wait.
struct wire_written {
  std::size_t unsent = 0;
};
/// Look up where a host of the home network is, or the service that one offers there.
struct resolve_name {
  std::string name;  ///< `controlbox.local`, `controlbox._ship._tcp.local`
  bool service = false;
  bool anew = false;  ///< what was told before has proved wrong
};
/// Addresses of the home network, as one dials them: `192.168.1.9`, `fe80::9%eth1`.
struct name_addresses {
  std::vector<std::string> hosts;
  std::uint16_t port = 0;  ///< of a service
};
/// What an interface said to a look-up.
struct name_found {
  std::uint64_t number = 0;
  expected<name_addresses> where;
};

}  // namespace smgw

SMGW_MESSAGE(home_connection)
SMGW_MESSAGE(home_request)
SMGW_MESSAGE(home_answer)
SMGW_MESSAGE(home_event)
SMGW_MESSAGE(wire_written)
SMGW_MESSAGE(resolve_name)
SMGW_MESSAGE(name_addresses)
SMGW_MESSAGE(name_found)
