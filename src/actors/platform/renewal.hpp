// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

/// \file
/// Renewal of the gateway's three certificates (TR-03109-4): requests out, certificates in. They are tried once all
/// three are there, and in force once they have worked.

#include "actors/foundation/key_token.hpp"
#include "actors/platform/credentials.hpp"

#include <filesystem>
#include <stop_token>

namespace smgw::platform {

/// Fills the KEY TOKEN's functions for it; `parts.signature` and `parts.keys` are those in force. `sessions` are
/// forgotten with the certificate that they were made with.
void enable_renewal(key_token_parts& parts, const std::filesystem::path& data, const clock_function& now,
                    std::shared_ptr<crypto::tls_session_cache> sessions);

/// Dials `w` with the certificate that waits.
[[nodiscard]] dial_function succession_dialler(const profile::wan& w, credentials c, const own_certificates& own,
                                               const std::shared_ptr<crypto::key_store>& keys, clock_function now,
                                               std::function<bool()> time_valid, std::stop_token leave);

}  // namespace smgw::platform
