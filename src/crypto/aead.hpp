// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

#include "base/secret.hpp"

#include <memory>

namespace smgw::crypto {

/// AES-256-GCM with a kept key schedule, for data at rest. Not thread-safe: one object per thread.
///
/// The nonce is 12 octets from a ChaCha20 generator that is keyed from the operating system's random numbers once per
/// object (0.3 µs each; a seeded HMAC_DRBG takes 17 µs). No counter is kept, so nothing has to survive a restart or a
/// restored backup; with random nonces one key may seal 2^32 messages (SP 800-38D 8.3), and the object counts: past
/// `max_seals` it refuses, and the caller moves on to the next key.
class aead {
 public:
  static constexpr std::size_t key_size = 32;
  static constexpr std::size_t overhead = 12 + 16;  ///< nonce and tag
  static constexpr std::uint64_t max_seals = std::uint64_t{1} << 31;

  /// malformed: the key is not 32 octets.
  [[nodiscard]] static expected<aead> create(const secret& key);
  ~aead();
  aead(aead&&) noexcept;
  aead& operator=(aead&&) noexcept;

  /// nonce ‖ ciphertext ‖ tag. `aad` binds the place (column family and row key), so values cannot be swapped.
  [[nodiscard]] expected<bytes> seal(bytes_view aad, bytes_view plaintext);
  /// untrusted: altered, another key, another place; truncated: shorter than `overhead`.
  [[nodiscard]] expected<bytes> open(bytes_view aad, bytes_view blob);

 private:
  struct impl;
  explicit aead(std::unique_ptr<impl> state);
  std::unique_ptr<impl> impl_;
};

}  // namespace smgw::crypto
