// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

#include <smgw/types.hpp>

#include <array>

namespace smgw::store {

/// What stands in a row key instead of a name.
using hidden_name = std::array<std::uint8_t, 16>;

/// Seals the values of the store; whoever opens the database brings one that holds the storage key.
/// The database calls it from one thread at a time, so it may keep state without a lock.
class cell_cipher {
 public:
  cell_cipher() = default;
  cell_cipher(const cell_cipher&) = delete;
  cell_cipher& operator=(const cell_cipher&) = delete;
  virtual ~cell_cipher() = default;

  /// Encrypts and authenticates `plaintext`; the result opens only together with the same `associated` octets.
  /// exhausted: the key may not be used any more.
  [[nodiscard]] virtual expected<bytes> seal(bytes_view associated, bytes_view plaintext) = 0;
  /// untrusted: altered, sealed elsewhere or with another key.
  [[nodiscard]] virtual expected<bytes> open(bytes_view associated, bytes_view sealed) = 0;
  /// A keyed hash: equal names give equal octets, and without the key nothing is learned about the name. Row keys
  /// are the only thing on disk that is not encrypted, and names carry device ids (of people's meters).
  [[nodiscard]] virtual expected<hidden_name> name_key(bytes_view name) = 0;
};

}  // namespace smgw::store
