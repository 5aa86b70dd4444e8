// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

/// \file
/// The version, written here and nowhere else: the build reads it from these lines.

#include <smgw/export.hpp>

#include <string_view>

#define SMGW_VERSION_MAJOR 0
#define SMGW_VERSION_MINOR 1
#define SMGW_VERSION_PATCH 0

namespace smgw {

/// Of the library that runs, as `0.1.0`; the macros above are those of the headers it was compiled against.
[[nodiscard]] SMGW_API std::string_view version() noexcept;

}  // namespace smgw
