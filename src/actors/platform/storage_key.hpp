// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

#include "crypto/aead.hpp"
#include "crypto/key_store.hpp"
#include "store/cell_cipher.hpp"

#include <array>
#include <filesystem>
#include <functional>
#include <memory>

namespace smgw::platform {

/// The store's cells under AES-256-GCM, names under HMAC-SHA-256; both keys derived from one master key.
class sealed_cells final : public store::cell_cipher {
 public:
  [[nodiscard]] static expected<std::shared_ptr<sealed_cells>> create(const secret& master);
  [[nodiscard]] expected<bytes> seal(bytes_view associated, bytes_view plaintext) override {
    return cells_.seal(associated, plaintext);
  }
  [[nodiscard]] expected<bytes> open(bytes_view associated, bytes_view sealed) override {
    return cells_.open(associated, sealed);
  }
  [[nodiscard]] expected<store::hidden_name> name_key(bytes_view name) override;

 private:
  sealed_cells(crypto::aead cells, secret names) : cells_(std::move(cells)), names_(std::move(names)) {}
  crypto::aead cells_;
  secret names_;
};

/// HMAC-SHA-256 under a key that is derived for pseudonyms alone.
[[nodiscard]] expected<std::function<std::array<std::uint8_t, 32>(bytes_view)>> pseudonym_mac(const secret& master);

/// The storage master key: made once, sealed by the key store into `file`, unsealed at each start.
[[nodiscard]] expected<secret> storage_key(const std::filesystem::path& file, crypto::key_store& keys);

}  // namespace smgw::platform
