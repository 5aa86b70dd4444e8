// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

/// \file
/// The key store is a port: its back ends here and an OEM's own fill the same interface, <smgw/ports/key_store.hpp>.

#include "base/secret.hpp"
#include "crypto/curve.hpp"

#include <smgw/ports/key_store.hpp>

namespace smgw::crypto {

using ports::check_label;
using ports::ephemeral_key;
using ports::key_info;
using ports::key_purpose;
using ports::key_store;
using ports::key_store_capabilities;
using ports::key_store_identity;
using ports::key_store_state;
using ports::max_keys;
using ports::max_label_length;
using ports::to_string;

}  // namespace smgw::crypto
