// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

/// \file
/// The management connections of a fleet: gateways open them, the administrator asks over them.

#include "fleet.hpp"
#include "protocols/http/message.hpp"
#include "tls_hub.hpp"

#include <functional>
#include <future>

namespace smgw::sim {

struct switchboard_options {
  std::string host = "127.0.0.1";
  std::uint16_t port = 0;  ///< 0: any free one
  crypto::tls_identity identity;
  std::shared_ptr<const fleet> gateways;
  std::function<void(const std::string&)> say;  ///< one line per event
  std::function<line_fault()> fault{};          ///< of the next connection; empty: none
};

/// One thread for all connections. Each gateway has one that counts, its newest; what is asked over it is asked one
/// after the other, as there is no pipelining. Gateways are named by their place in the fleet. Thread-safe.
class switchboard {
 public:
  [[nodiscard]] static expected<std::unique_ptr<switchboard>> start(switchboard_options options);
  /// What is still asked is answered `unavailable`.
  ~switchboard();
  [[nodiscard]] std::uint16_t port() const noexcept;

  /// The answer comes within half a minute. unavailable: the gateway is not connected, or goes; expired: it is silent.
  [[nodiscard]] std::future<expected<http::response>> ask(std::size_t gateway, http::request request);
  /// True once the gateway is connected.
  [[nodiscard]] bool await(std::size_t gateway, std::chrono::milliseconds patience) const;
  /// True once so many are.
  [[nodiscard]] bool await_count(std::size_t gateways, std::chrono::milliseconds patience) const;
  [[nodiscard]] bool connected(std::size_t gateway) const;
  /// How many are.
  [[nodiscard]] std::size_t connected() const;
  /// Connections that this gateway has opened so far.
  [[nodiscard]] std::uint64_t connections(std::size_t gateway) const;
  void hang_up(std::size_t gateway);

 private:
  struct impl;
  explicit switchboard(std::unique_ptr<impl> state);
  std::unique_ptr<impl> impl_;
};

}  // namespace smgw::sim
