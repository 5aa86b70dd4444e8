// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

#include "crypto/curve.hpp"

#include <memory>

namespace smgw::crypto {

using sha256_digest = std::array<std::uint8_t, 32>;

[[nodiscard]] bytes digest(hash h, bytes_view data);
[[nodiscard]] sha256_digest sha256(bytes_view data);
[[nodiscard]] bytes sha384(bytes_view data);
[[nodiscard]] bytes sha512(bytes_view data);

/// Hashes what comes piece by piece.
class hasher {
 public:
  explicit hasher(hash h);
  ~hasher();
  hasher(hasher&&) noexcept;
  hasher& operator=(hasher&&) noexcept;
  void update(bytes_view data);
  /// The digest of all pieces; the hasher starts anew.
  [[nodiscard]] bytes finish();

 private:
  struct impl;
  std::unique_ptr<impl> impl_;
};

}  // namespace smgw::crypto
