// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

#include "protocols/ntp/packet.hpp"

#include <optional>

namespace smgw::ntp {

/// The process variables of RFC 5905 9.2, as far as a server with one upstream has them.
struct server_state {
  bool synchronised = false;
  std::uint8_t upstream_stratum = 1;
  std::uint32_t reference_id = 0;
  std::int8_t poll = 12;        ///< log2 s
  std::int8_t precision = -10;  ///< log2 s: the clock counts milliseconds
  std::chrono::milliseconds root_delay{}, root_dispersion{};
  timestamp last_synchronised{};
};

/// The answer to a request of the home network or of a meter; nothing: it is ignored (REQ.TA.NTP.ProcessRequest.10).
[[nodiscard]] std::optional<std::array<std::uint8_t, packet_octets>> answer(bytes_view request, timestamp received,
                                                                            timestamp now, const server_state& state);

}  // namespace smgw::ntp
