// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

/// \file
/// Certificates by the names that profiles and the data directory give them. Errors name whose they are, and the file.

#include "actors/configuration.hpp"
#include "crypto/certificate.hpp"

#include <filesystem>

namespace smgw::platform {

[[nodiscard]] expected<std::vector<crypto::certificate>> read_certificates(const std::filesystem::path& file,
                                                                           std::string_view whose);
/// Of those that the configuration holds: the administrator can replace them.
[[nodiscard]] expected<std::vector<crypto::certificate>> certificates(const configuration& told,
                                                                      const std::string& file, std::string_view whose);

}  // namespace smgw::platform
