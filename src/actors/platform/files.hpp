// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

/// \file
/// Reading a folder of profiles into one checked set.

#include "domain/profile/profile_set.hpp"

#include <filesystem>

namespace smgw::platform {

/// Files below `folder` ending in .json, by relative name. unavailable: the folder or a file cannot be read.
[[nodiscard]] expected<std::map<std::string, std::string>> read_profiles(const std::filesystem::path& folder);

/// What loading brought: a set, or all that is wrong with it.
[[nodiscard]] expected<profile::loaded> load_profiles(const std::filesystem::path& folder);

/// A whole file; unavailable with its name if it cannot be read, exhausted beyond `limit` octets.
[[nodiscard]] expected<bytes> read_file(const std::filesystem::path& file, std::size_t limit = 1U << 20);

/// Written beside, synced, and renamed: the content is there whole or not at all. Mode 0600.
[[nodiscard]] expected<void> replace_file(const std::filesystem::path& file, bytes_view content);

}  // namespace smgw::platform
