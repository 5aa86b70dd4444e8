// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

#include "actors/io/streams.hpp"

namespace smgw::sim {

/// Listens on an IPv4 address; port 0 means any free one, told in `bound`.
[[nodiscard]] expected<io::descriptor> listen_tcp(const std::string& host, std::uint16_t port, std::uint16_t& bound);

/// Binds a free loopback port without listening: who connects is refused, and nobody else gets it from the system; a
/// `listen_tcp` on it succeeds all the same.
[[nodiscard]] expected<io::descriptor> reserve_port(std::uint16_t& bound);

}  // namespace smgw::sim
