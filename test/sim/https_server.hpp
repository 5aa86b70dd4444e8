// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

/// \file
/// A small HTTPS server: one thread holds the connections of thousands of gateways, and answers each request when its
/// time has come. Real head-ends look at the reference services.

#include "crypto/tls.hpp"
#include "protocols/http/message.hpp"
#include "sockets.hpp"
#include "tls_hub.hpp"

#include <functional>
#include <memory>

namespace smgw::sim {

/// How one request is answered, and how badly.
struct served {
  http::response response;
  std::chrono::milliseconds delay{0};  ///< before the answer
  bool cut = false;                    ///< the connection closes in the middle of the answer
};

struct https_options {
  std::string host = "127.0.0.1";
  std::uint16_t port = 0;  ///< 0: any free one
  crypto::tls_identity identity;
  crypto::tls_peer_rule peers;  ///< who may connect
  /// From the server's thread; `from` is the certificate that the request came with.
  std::function<served(const http::request& request, const crypto::certificate& from)> handle;
  std::function<void(const std::string&)> say;  ///< one line per event
  std::function<void()> connected;              ///< a TCP connection was taken
  std::function<line_fault()> fault{};          ///< of the next connection; empty: none
};

class https_server {
 public:
  [[nodiscard]] static expected<std::unique_ptr<https_server>> start(https_options options);
  ~https_server();
  [[nodiscard]] std::uint16_t port() const noexcept;
  /// Open ones.
  [[nodiscard]] std::size_t connections() const noexcept;

 private:
  struct impl;
  explicit https_server(std::unique_ptr<impl> state);
  std::unique_ptr<impl> impl_;
};

}  // namespace smgw::sim
