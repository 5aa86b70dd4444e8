// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

#include "crypto/key_store.hpp"

namespace smgw::crypto {

/// Known answers of the primitives (FIPS 180-4, RFC 4231, RFC 4493, RFC 5869), authenticated encryption that refuses an
/// altered octet, and random numbers that do not stand still. internal: which of them is wrong (PP-0073 FPT_TST.1).
[[nodiscard]] expected<void> check_known_answers(key_store& keys);

}  // namespace smgw::crypto
