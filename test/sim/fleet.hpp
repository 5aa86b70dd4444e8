// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

/// \file
/// The gateways that a head-end knows, by their certificates.

#include "crypto/tls.hpp"

#include <filesystem>
#include <map>
#include <memory>

namespace smgw::sim {

struct known_gateway {
  device_id id;
  crypto::certificate tls, signature, encryption;
};

class fleet {
 public:
  /// conflict: two gateways with one id or one certificate; malformed: none at all.
  [[nodiscard]] static expected<std::shared_ptr<const fleet>> of(std::vector<known_gateway> gateways);
  [[nodiscard]] const std::vector<known_gateway>& all() const noexcept { return all_; }
  /// Place in `all`, by id or by TLS certificate.
  [[nodiscard]] std::optional<std::size_t> find(const device_id& id) const;
  [[nodiscard]] std::optional<std::size_t> find(const crypto::certificate& tls) const;
  [[nodiscard]] std::vector<crypto::certificate> signers() const;

 private:
  std::vector<known_gateway> all_;
  std::map<device_id, std::size_t> by_id_;
  std::map<std::array<std::uint8_t, 32>, std::size_t> by_fingerprint_;
};

/// Who may connect: these gateways. The rule is as cheap for thousands as for one.
[[nodiscard]] crypto::tls_peer_rule rule_of(const std::shared_ptr<const fleet>& gateways);

/// One gateway: its `tls.pem`, `sig.pem` and `enc.pem` in a folder. Its id is what its certificate names
/// (`ESMG0000000001.SMGW`).
[[nodiscard]] expected<known_gateway> load_gateway(const std::filesystem::path& folder);
/// Every folder below this one is a gateway, in the order of their names.
[[nodiscard]] expected<std::vector<known_gateway>> load_gateways(const std::filesystem::path& folder);

}  // namespace smgw::sim
