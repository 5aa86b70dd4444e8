// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

#include "actors/lmn/line.hpp"
#include "crypto/meter_key_pair.hpp"
#include "crypto/tls.hpp"

#include <functional>

namespace smgw::lmn {

/// What a wired bus needs beside its port.
struct bus_parts {
  device_id gateway;
  /// The TLS client for a meter; fails if the gateway has no LMN key. A meter whose profile names no certificate is
  /// known by that of its pairing.
  std::function<expected<crypto::tls_config>(const profile::meter&)> tls;
  /// Of the certificates that are made for meters: at most seven years (TR-03116-3 table 17).
  std::chrono::seconds certificate_life = std::chrono::days{7 * 365};
  /// They are renewed so long before they end (REQ.SML.CLI.UpdateMtrCertAndKey.10).
  std::chrono::seconds renew_before = std::chrono::days{180};
};

/// The wired LMN of the guideline (scenarios LKS1 and LKS1.PSK): HDLC primary station, symmetric pairing, TLS client to
/// each meter, SML client. Meters whose profile is not active are released, and never read.
[[nodiscard]] std::unique_ptr<line> make_bus_line(const profile::lmn_port& port, std::vector<profile::meter> meters,
                                                  bus_parts parts);

}  // namespace smgw::lmn
