// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

#include "gwa.hpp"

namespace smgw::sim {

/// curl and browsers in front of gateways: plain HTTP on loopback, each request goes over the gateway's connection,
/// sealed and opened on the way. A path may begin with the id of the gateway that it is for, as in
/// `/ESMG0000000001/cosem/ldevs/`; any other is for the administrator's first one.
class relay {
 public:
  [[nodiscard]] static expected<std::unique_ptr<relay>> start(gwa& through, std::uint16_t port);
  ~relay();
  [[nodiscard]] std::uint16_t port() const noexcept;

 private:
  struct impl;
  explicit relay(std::unique_ptr<impl> state);
  std::unique_ptr<impl> impl_;
};

}  // namespace smgw::sim
