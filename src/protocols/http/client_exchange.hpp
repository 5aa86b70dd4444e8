// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

#include "protocols/http/parser.hpp"

#include <chrono>

namespace smgw::http {

/// Time to the complete response (Anlage II 7.1.1, REQ.Webservice.HttpServer.190: 20 s).
inline constexpr std::chrono::seconds response_timeout{20};

/// One request and its response, without a socket and without a clock. One exchange at a time per connection.
class client_exchange {
 public:
  struct output {
    bytes transmit;                     ///< send this to the peer
    std::optional<response> done;       ///< the exchange is over; response::keep_alive says if the connection lives
    std::optional<time_point> wake_at;  ///< call tick() then
  };
  /// Starts: `transmit` of the answer is the request. malformed as encode().
  [[nodiscard]] expected<output> start(const request& r, time_point now,
                                       std::chrono::milliseconds timeout = response_timeout);
  explicit client_exchange(const limits& bounds = {}) : parser_(bounds) {}

  /// The peer sent octets. malformed or exhausted: the response breaks its format or a bound; conflict: nothing is
  /// asked. After any error the connection is of no use.
  [[nodiscard]] expected<output> feed(bytes_view in, time_point now);
  /// The peer closed: completes a response without Content-Length; truncated if it is cut off.
  [[nodiscard]] expected<output> eof();
  /// Time passed; expired after the deadline.
  [[nodiscard]] expected<output> tick(time_point now);
  [[nodiscard]] bool busy() const noexcept { return deadline_.has_value(); }

 private:
  [[nodiscard]] output finish(response r);
  response_parser parser_;
  std::optional<time_point> deadline_;
};

}  // namespace smgw::http
