// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

/// \file
/// What a configuration has to say before a session begins, and whose sessions may be resumed under it.

#include "crypto/hash.hpp"
#include "crypto/tls.hpp"

namespace smgw::crypto::detail {

/// Errors as told at tls_session::create. Asks the key store for the identity's key.
[[nodiscard]] expected<void> check_config(const tls_config& c);
/// Sessions resumed must not cross identities, peer rules, interfaces or names: those with another value may not meet.
[[nodiscard]] sha256_digest partition_of(const tls_config& c);

}  // namespace smgw::crypto::detail
