// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

/// \file
/// From a configuration folder to the parts of a supervision tree.

#include "actors/platform/key_stores.hpp"
#include "actors/root.hpp"

#include <filesystem>

namespace smgw::platform {

/// Reads profiles and certificates, opens the key store, and wires the real world: sockets, serial lines, clock, disk.
/// What `ports` supplies takes the place of what the profiles name and Linux offers.
/// malformed: the profiles are wrong; the text lists all problems.
[[nodiscard]] expected<tree_parts> assemble(const std::filesystem::path& configuration, announce_function announce,
                                            gateway_ports ports);

/// The system's clock.
[[nodiscard]] timestamp system_clock_now();

/// The store of a data directory, opened with the key that the key store seals.
[[nodiscard]] expected<store::database> open_store(const std::filesystem::path& data_directory,
                                                   crypto::key_store& keys);

}  // namespace smgw::platform
