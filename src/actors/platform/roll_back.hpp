// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

#include "crypto/key_store.hpp"
#include "store/database.hpp"

#include <filesystem>

namespace smgw::platform {

/// Tells when the data directory was put back to the state of an earlier start, by the key store's counter: `file`
/// holds the counter's value and the store's number of commits at the last start, sealed. Writes it anew and advances
/// the counter. Protected is what the store held at the last start: a store that was put back to that moment, or to a
/// later one, is not told from the newest.
///
/// untrusted: an older copy, or the file was removed or altered. A key store without a counter sees nothing.
[[nodiscard]] expected<void> check_roll_back(const std::filesystem::path& file, crypto::key_store& keys,
                                             const secret& master, const store::database& db);

}  // namespace smgw::platform
