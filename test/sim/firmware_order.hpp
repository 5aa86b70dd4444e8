// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

#include "domain/firmware/manifest.hpp"
#include "pki.hpp"

namespace smgw::sim {

/// What an administrator posts to order a firmware: the manifest of `image`, signed by its maker.
[[nodiscard]] expected<std::string> firmware_order(bytes_view image, const std::string& version,
                                                   const std::string& path, const party& maker);

}  // namespace smgw::sim
