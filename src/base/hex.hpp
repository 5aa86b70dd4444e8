// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

#include <smgw/types.hpp>

#include <string>

namespace smgw {

/// Lower-case hexadecimal text.
[[nodiscard]] std::string to_hex(bytes_view data);
/// Accepts either case; refuses odd lengths and other characters (malformed).
[[nodiscard]] expected<bytes> from_hex(std::string_view text);

}  // namespace smgw
