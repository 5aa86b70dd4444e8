// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

#include "actors/lmn/line.hpp"
#include "crypto/tls.hpp"

#include <functional>

namespace smgw::lmn {

/// What a wired bus needs beside its port.
struct bus_parts {
  device_id gateway;
  /// The TLS client for a meter; fails if its profile names no certificate, or the gateway has no LMN key.
  std::function<expected<crypto::tls_config>(const profile::meter&)> tls;
};

/// The wired LMN of the guideline (scenario LKS1): HDLC primary station, TLS client to each meter, SML client.
[[nodiscard]] std::unique_ptr<line> make_bus_line(const profile::lmn_port& port, std::vector<profile::meter> meters,
                                                  bus_parts parts);

}  // namespace smgw::lmn
