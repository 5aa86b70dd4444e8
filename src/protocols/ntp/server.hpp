// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

#include "protocols/ntp/packet.hpp"

#include <chrono>
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

/// One connection to the server, without a socket. Answers are as many as the questions and as long, and no more of
/// them than a client needs that asks once a minute (detail specification 14.1.1): a few at once, then one each
/// `refill`. What comes beyond that is ignored, and who goes on all the same is cut.
class server_line {
 public:
  static constexpr unsigned burst = 8, patience = 16;
  static constexpr std::chrono::seconds refill{15};
  struct output {
    bytes transmit;
    bool close = false;
  };
  explicit server_line(time_point now) : filled_(now) {}
  /// The client said this, cut anywhere.
  [[nodiscard]] output feed(bytes_view octets, timestamp received, timestamp now, time_point at,
                            const server_state& state);

 private:
  [[nodiscard]] bool take_token(time_point at);
  bytes partial_;
  time_point filled_;
  unsigned tokens_ = burst, ignored_ = 0;
};

}  // namespace smgw::ntp
