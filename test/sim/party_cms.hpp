// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

/// \file
/// CMS as a party of the simulated world makes and reads it.

#include "pki.hpp"

namespace smgw::sim {

/// Compressed, encrypted for `to`, signed by the party.
[[nodiscard]] expected<bytes> seal_for(const crypto::certificate& to, const party& from, bytes_view content);
/// Verifies against one of `signers`, decrypts with the party's key, inflates.
[[nodiscard]] expected<bytes> open_sealed(bytes_view message, const party& self,
                                          const std::vector<crypto::certificate>& signers);

}  // namespace smgw::sim
