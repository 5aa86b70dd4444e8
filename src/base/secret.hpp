// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

#include <smgw/secret.hpp>

#include <algorithm>

namespace smgw {

/// Compares in time that depends on the lengths only.
[[nodiscard]] bool equal_constant_time(bytes_view a, bytes_view b) noexcept;

}  // namespace smgw
