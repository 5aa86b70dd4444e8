// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

/// \file
/// Mode 2 of the old application layer (EN 1434-3:1997, 6.1): bit 2 of the CI field says that each field of more than
/// one octet goes high octet first. EN 13757-3 knows mode 1 only; some meters that are mounted still use mode 2.

#include "protocols/mbus/wired_frame.hpp"

namespace smgw::mbus {

/// Whether a frame answers in mode 2: CI 76 (variable structure) or 77 (fixed structure).
[[nodiscard]] bool is_mode2(const wired_frame& f) noexcept;

/// The same answer as a frame of mode 1, link layer included. conflict: not of mode 2; truncated, malformed,
/// unsupported: as the header and the records say.
[[nodiscard]] expected<bytes> in_mode1(const wired_frame& f);

}  // namespace smgw::mbus
