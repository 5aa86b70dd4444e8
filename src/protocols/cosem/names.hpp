// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

/// \file
/// What writing and reading share. Inner use of this module.

#include <smgw/types.hpp>

#include <string_view>

namespace smgw::cosem {

inline constexpr std::string_view namespace_profile = "urn:k461-dke-de:profile_generic-1";
inline constexpr std::string_view namespace_extension = "urn:k461-dke-de:extension-1";

inline constexpr std::string_view namespace_structure = "urn:k461-dke-de:cor-1";
inline constexpr std::string_view namespace_data = "urn:k461-dke-de:cod-1";

/// Values of the coarse status.
inline constexpr int coarse_valid = 0, coarse_missing = 3, coarse_invalid = 4;

/// A name that needs no escaping anywhere: 0-9 a-z . - (Anlage II 6), at most max_name.
[[nodiscard]] bool is_name(std::string_view name) noexcept;

/// Depth and declarations, before any tree is built: `<!` other than a comment is a document type or a section that
/// has no place here.
[[nodiscard]] expected<void> scan(std::string_view text);

}  // namespace smgw::cosem
