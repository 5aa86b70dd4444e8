// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

#include "protocols/http/parser.hpp"

#include <chrono>

namespace smgw::http {

/// The server's side of one connection, without a socket and without a clock: requests one after the other, each
/// answered before the next is read.
class server_exchange {
 public:
  struct timing {
    std::chrono::milliseconds request{20'000};  ///< from the first octet of a request to its last; else 408
    std::chrono::milliseconds idle{600'000};    ///< between requests; then the connection closes without a word
    std::chrono::milliseconds answer{20'000};   ///< for us (REQ.Webservice.HttpServer.190); else 503
    std::chrono::hours lifetime{48};            ///< after it no further request is read; the one at work is answered
  };
  struct output {
    bytes transmit;                     ///< send this to the peer
    std::optional<request> received;    ///< answer it with respond()
    bool close = false;                 ///< close once `transmit` is sent
    std::optional<time_point> wake_at;  ///< call tick() then
  };
  server_exchange(time_point now, const limits& bounds, timing times);

  /// The peer sent octets. A refused message is answered here: `transmit` holds the response and `close` is set.
  [[nodiscard]] output feed(bytes_view in, time_point now);
  /// The answer to the request received last. malformed as encode(); conflict if nothing was asked.
  [[nodiscard]] expected<output> respond(response r, time_point now);
  /// Time passed. A request that got no answer in time is answered with 503 and forgotten: respond() is a conflict
  /// then.
  [[nodiscard]] output tick(time_point now);
  /// The peer will send no more, but still reads (half-close): the request at work is answered, then it ends.
  [[nodiscard]] output peer_finished();
  /// The connection is gone: the exchange ends here (REQ.Webservice.HttpServer.80). Returns true if a request was at
  /// work; whoever works on it may stop.
  bool dropped() noexcept;
  /// A request waits for respond().
  [[nodiscard]] bool busy() const noexcept { return asked_.has_value(); }

 private:
  struct pending {
    bool head = false;
    bool keep_alive = true;
  };
  [[nodiscard]] output refuse(const refusal& r);
  [[nodiscard]] output pump(bytes_view in, time_point now);
  request_parser parser_;
  std::size_t ahead_limit_;
  bytes ahead_;
  timing times_;
  std::optional<pending> asked_;
  time_point deadline_;
  time_point end_;
  bool finished_ = false;
  bool begun_ = false;
  bool closed_ = false;
};

}  // namespace smgw::http
