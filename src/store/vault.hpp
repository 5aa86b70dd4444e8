// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

#include "store/cell_cipher.hpp"
#include "store/engine.hpp"

#include <memory>

namespace smgw::store {

/// Seals and opens cells: `schema version (2) ‖ sealed`, where table, row key and version are authenticated with it.
class vault {
 public:
  vault(std::shared_ptr<cell_cipher> cipher, std::uint16_t schema) : cipher_(std::move(cipher)), schema_(schema) {}

  [[nodiscard]] expected<bytes> seal(table where, bytes_view key, bytes_view plaintext) const {
    return seal(where, key, plaintext, schema_);
  }
  [[nodiscard]] expected<bytes> seal(table where, bytes_view key, bytes_view plaintext, std::uint16_t schema) const;
  /// untrusted: does not verify, or is of another schema version. The text names table and row key.
  [[nodiscard]] expected<bytes> open(table where, bytes_view key, bytes_view cell) const {
    return open(where, key, cell, schema_);
  }
  [[nodiscard]] expected<bytes> open(table where, bytes_view key, bytes_view cell, std::uint16_t schema) const;
  /// The version a cell says it has (not yet verified).
  [[nodiscard]] static std::optional<std::uint16_t> version_of(bytes_view cell) noexcept;

  /// What stands for a name in the row keys of a table.
  [[nodiscard]] expected<hidden_name> hide(table where, bytes_view name) const;

  [[nodiscard]] std::uint16_t schema() const noexcept { return schema_; }

 private:
  std::shared_ptr<cell_cipher> cipher_;
  std::uint16_t schema_;
};

/// `untrusted` for a row: names the table and the key in hexadecimal digits.
[[nodiscard]] std::unexpected<error> distrust(table where, bytes_view key, std::string_view why);

}  // namespace smgw::store
