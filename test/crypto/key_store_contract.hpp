// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

/// \file
/// What every key store must do, whatever it is made of. A new one is right when these pass.

#include "crypto/tls_world.hpp"

namespace smgw::crypto::test {

/// Names, purposes, signatures, agreement, sealing, ephemerals and every refusal, on each curve the store has.
/// Leaves the store as it was.
void check_key_store(key_store& store);

/// A gateway whose keys are in `store` and a peer with keys in software: both roles, every version they can, on `on`.
/// Texts go both ways.
void check_tls(const std::shared_ptr<key_store>& store, curve on);

}  // namespace smgw::crypto::test
