// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

/// \file
/// Gateways as a head-end sees them from outside, thousands in one thread: each with its own keys and certificates
/// calls its administrator, and answers requests with a document, sealed. Nothing of a gateway is behind it.

#include "fleet.hpp"
#include "pki.hpp"

#include <functional>
#include <set>

namespace smgw::sim {

/// A gateway with its keys in memory.
struct light_gateway {
  device_id id;
  party own;
};

/// Makes `count` gateways whose numbers count up from `first`, and their certificates in folders below `folder` that
/// are named by their ids; issued by the sub-CA of `pki`.
[[nodiscard]] expected<std::vector<light_gateway>> make_light_gateways(const std::filesystem::path& pki,
                                                                       const std::filesystem::path& folder,
                                                                       const device_id& first, std::size_t count,
                                                                       timestamp now);

struct light_options {
  std::string host = "127.0.0.1";
  std::uint16_t port = 0;  ///< the administrator's
  std::vector<light_gateway> gateways;
  crypto::certificate administrator_tls, administrator_encryption;
  std::set<device_id> silent{};  ///< these hear and never answer
  /// One line that is refused, or ends otherwise than agreed.
  std::function<void(const std::string&)> say;
};

class light_gateways {
 public:
  /// Begins to call. unavailable: the administrator's port does not answer.
  [[nodiscard]] static expected<std::unique_ptr<light_gateways>> call(light_options options);
  ~light_gateways();
  [[nodiscard]] std::size_t connected() const;
  [[nodiscard]] std::uint64_t answers() const;  ///< given so far
  /// True once all are connected.
  [[nodiscard]] bool await_connected(std::chrono::milliseconds patience) const;

 private:
  struct impl;
  explicit light_gateways(std::unique_ptr<impl> state);
  std::unique_ptr<impl> impl_;
};

}  // namespace smgw::sim
