// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

/// \file
/// One bounded HTTP/1.1 parser, in the roles of a server (requests) and a client (responses).

#include "protocols/http/message.hpp"

#include <expected>
#include <memory>
#include <optional>

namespace smgw::http {

/// Bounds of one message. A peer may use 250 characters per field (REQ.Webservice.HttpServer.170, HttpClient.100), 8500
/// per request header (.180) and 1000 per response header (HttpClient.110); digest logins and cookies need more.
struct limits {
  std::size_t target = 4096;                 ///< Anlage II 7.1: a URI has up to 4000 characters; else 414
  std::size_t field = 4096;                  ///< one field with CR LF; else 431
  std::size_t header = 16384;                ///< all fields with CR LF; else 431
  std::size_t fields = 100;                  ///< their number; else 431
  std::size_t body = std::size_t{16} << 20;  ///< else 413
  std::size_t ahead = 16384;                 ///< octets kept that came before their turn (no pipelining); else 400
};

/// Why a message was refused, and the status code that says so to the peer (table 6.2). After it the connection ends.
struct refusal {
  int status = 400;
  error why;
};

template <class T>
using outcome = std::expected<T, refusal>;

/// Octets in, requests out, one at a time.
class request_parser {
 public:
  explicit request_parser(const limits& bounds = {});
  ~request_parser();
  request_parser(request_parser&&) noexcept;
  request_parser& operator=(request_parser&&) noexcept;

  /// Takes octets; answers with a request once it is complete. What follows it is kept: call feed({}) for the next
  /// one after the response is sent. A refusal is final.
  /// 400 syntax, Host missing or twice, framing that could be read in two ways; 411 PUT or POST without a length;
  /// 413, 414, 431 limits; 501 method or transfer coding; 505 version.
  [[nodiscard]] outcome<std::optional<request>> feed(bytes_view in);
  /// True while nothing of a next request has arrived.
  [[nodiscard]] bool idle() const noexcept;
  /// True once per request: its header is complete, asks for `100 Continue`, and its body is not here yet.
  [[nodiscard]] bool wants_continue() noexcept;

 private:
  struct state;
  std::unique_ptr<state> state_;
};

/// Octets in, responses out. Interim responses (1xx) are passed over.
class response_parser {
 public:
  explicit response_parser(const limits& bounds = {});
  ~response_parser();
  response_parser(response_parser&&) noexcept;
  response_parser& operator=(response_parser&&) noexcept;

  /// Says which request the next response answers: one to HEAD has no body.
  void expect(method asked);
  /// Takes octets; answers with the response once it is complete. Octets behind it end the connection: keep_alive is
  /// off then. conflict: nothing was asked. The status of a refusal is 502.
  [[nodiscard]] outcome<std::optional<response>> feed(bytes_view in);
  /// The connection ended: completes a response without a length; a refusal if one is cut off or none has come.
  [[nodiscard]] outcome<response> eof();

 private:
  struct state;
  std::unique_ptr<state> state_;
};

}  // namespace smgw::http
