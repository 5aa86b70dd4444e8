// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

#include "protocols/ntp/packet.hpp"

#include <optional>

namespace smgw::ntp {

struct client_rules {
  std::chrono::milliseconds maximum_round_trip{9000};  ///< REQ.TA.NTP.ProcessResponse.10
  std::chrono::seconds maximum_step{1000};             ///< while synchronised (REQ.TA.NTP.ProcessResponse.110)
};

/// What one exchange says.
struct measurement {
  timestamp server;                    ///< the server's time when it answered
  std::chrono::milliseconds offset{};  ///< to be added to the own clock
  std::chrono::milliseconds round_trip{};
  std::chrono::milliseconds maximum_error{};  ///< round trip / 2 + root delay / 2 + root dispersion
  std::uint8_t stratum = 0;
  std::uint32_t reference_id = 0;
};

/// The client's side of one association, without a socket: one question at a time, over a stream.
class client {
 public:
  explicit client(client_rules rules = {}) : rules_(rules) {}

  /// The minimised request. `random` tells this question from others; it must not be 0.
  [[nodiscard]] std::array<std::uint8_t, packet_octets> request(timestamp own, time_point now, ntp_time random);
  /// The server said this; nothing: more is to come. An error is an answer that must be ignored: malformed (length,
  /// more than one answer, version, mode), conflict (nothing was asked, or it answers something else), expired (slow,
  /// or outside the convertible period), unavailable (the server is not synchronised), untrusted (too far away).
  [[nodiscard]] expected<std::optional<measurement>> feed(bytes_view octets, timestamp own, time_point now,
                                                          bool synchronised);

 private:
  struct question {
    timestamp own;
    time_point at;
    ntp_time transmit = 0;
  };
  [[nodiscard]] expected<measurement> judge(const packet& p, const question& asked, timestamp own, time_point now,
                                            bool synchronised) const;
  client_rules rules_;
  std::optional<question> asked_;
  bytes partial_;
};

}  // namespace smgw::ntp
