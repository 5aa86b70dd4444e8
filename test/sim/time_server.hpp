// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

#include "protocols/ntp/server.hpp"
#include "sockets.hpp"
#include "tls_hub.hpp"

#include <functional>

namespace smgw::sim {

struct time_server_options {
  std::uint16_t port = 0;  ///< 0: any free one
  crypto::tls_identity identity;
  crypto::tls_peer_rule peers;
  /// What it says of itself, and how wrong it is; read at each question.
  std::function<ntp::server_state()> state;
  std::function<std::chrono::milliseconds()> wrong_by;
  std::function<line_fault()> fault{};  ///< of the next connection; empty: none
};

/// The administrator's time server: NTP inside TLS, for thousands of gateways in one thread.
class time_server {
 public:
  [[nodiscard]] static expected<std::unique_ptr<time_server>> start(time_server_options options);
  ~time_server();
  [[nodiscard]] std::uint16_t port() const noexcept;
  [[nodiscard]] std::uint64_t answers() const noexcept;

 private:
  struct impl;
  explicit time_server(std::unique_ptr<impl> state);
  std::unique_ptr<impl> impl_;
};

}  // namespace smgw::sim
