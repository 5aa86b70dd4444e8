// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

/// \file
/// Who a session is, as the library asks for it: anchors, chain, and a key that stays in its key store.

#include "crypto/detail/tls_keys.hpp"
#include "crypto/tls.hpp"

#include <botan/credentials_manager.h>

namespace smgw::crypto::detail {

/// The identity and the anchors of a configuration that was checked. Throws what the library throws.
[[nodiscard]] std::shared_ptr<Botan::Credentials_Manager> make_credentials(const tls_config& config,
                                                                           std::shared_ptr<key_store_fault> fault);

}  // namespace smgw::crypto::detail
