// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

/// \file
/// Which label belongs to which key of the card: a file in the card, in two copies, so that a power cut while one is
/// written leaves the other.

#include "crypto/key_store.hpp"

#include <map>

namespace smgw::crypto::card {

struct kept_key {
  std::uint8_t slot = 0;
  key_info info;
};
using kept_keys = std::map<std::string, kept_key, std::less<>>;

struct directory {
  std::uint32_t generation = 0;  ///< the copy with the larger one counts
  kept_keys keys;
};
[[nodiscard]] bytes encode(const directory& d);
/// malformed, truncated: not a directory, or one that was not written whole.
[[nodiscard]] expected<directory> decode_directory(bytes_view content);

}  // namespace smgw::crypto::card
