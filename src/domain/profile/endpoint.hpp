// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

#include <cstdint>
#include <string>

namespace smgw::profile {

/// Host and TCP port.
struct endpoint {
  std::string host;
  std::uint16_t port = 0;
  [[nodiscard]] std::string text() const;  ///< `host:port`, IPv6 in brackets
  /// Its host is named as in the home network: `.local` belongs to multicast DNS alone (RFC 6762, 3).
  [[nodiscard]] bool is_local() const noexcept;
  friend bool operator==(const endpoint&, const endpoint&) = default;
};

}  // namespace smgw::profile
