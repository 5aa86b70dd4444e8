// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

/// \file
/// The unit of a plain-text VIF (7C, FC): its length in one octet, then the text (EN 13757-3:2018, table 10).

#include <smgw/types.hpp>

namespace smgw::mbus {

/// Takes length and text from the front of `in`. Truncated: `in` ends inside.
[[nodiscard]] expected<void> take_plain_text(bytes_view& in, bytes_view& text);

/// For what follows a VIF FC. Some meters send its text at once, others behind the VIFEs: true if only there stands one
/// of printable characters.
[[nodiscard]] bool is_text_behind_vifes(bytes_view in) noexcept;

}  // namespace smgw::mbus
