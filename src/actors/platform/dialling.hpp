// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

/// \file
/// How the gateway reaches the outside: connections to peers, and lines to meters.

#include "actors/platform/credentials.hpp"
#include "actors/ports/line_pumps.hpp"
#include "actors/world.hpp"

#include <smgw/ports/radio.hpp>

#include <stop_token>

namespace smgw::platform {

/// TLS to the peer of a WAN profile, as the market participant's or administrator's client (overview 1.2).
[[nodiscard]] dial_function dialler(const profile::wan& w, const credentials& c, clock_function now,
                                    std::function<bool()> time_valid, std::shared_ptr<crypto::tls_session_cache> cache,
                                    std::stop_token leave);

/// The line of a port that the profile names: a serial device, a TCP stream, a program's output.
[[nodiscard]] open_function line_opener(const profile::lmn_port& port, clock_function now, std::stop_token leave);

/// A line that the OEM opens, as a wire.
[[nodiscard]] open_function oem_opener(const ports::open_serial_port& open, const profile::lmn_port& port,
                                       std::shared_ptr<line_pumps> pumps, clock_function now);

/// A radio receiver that the OEM opens, as a wire.
[[nodiscard]] open_function oem_radio_opener(const ports::open_radio& open, const profile::lmn_port& port,
                                             std::shared_ptr<line_pumps> pumps, clock_function now);

/// A file in the place of a line.
[[nodiscard]] open_function file_opener(const std::string& file, std::shared_ptr<line_pumps> pumps, clock_function now);

}  // namespace smgw::platform
