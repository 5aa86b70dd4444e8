// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

/// \file
/// The file of the software key store: its form, its sealing and its atomic replacement.

#include "base/secret.hpp"
#include "crypto/key_store.hpp"
#include "crypto/soft_key_store.hpp"

namespace smgw::crypto::detail {

/// What the file holds besides the keys themselves.
struct soft_key_record {
  std::string label;
  curve on = curve::brainpool_p256r1;
  key_purpose purpose = key_purpose::tls;
  secret scalar;
};
struct soft_key_content {
  secret storage_key;  ///< 32 octets: seal and unseal
  std::string serial;  ///< 16 hex digits, made once
  std::vector<soft_key_record> keys;
};

/// The key under which a file is sealed, with what is needed to derive it again.
struct soft_key_lock {
  soft_key_store_options options;
  std::array<std::uint8_t, 16> salt{};
  secret key;
};
/// A new salt, and the key Argon2id makes of the passphrase with it.
[[nodiscard]] expected<soft_key_lock> make_lock(const secret& passphrase, soft_key_store_options options);

struct opened_soft_keys {
  soft_key_content content;
  soft_key_lock lock;
};
[[nodiscard]] expected<opened_soft_keys> open_soft_keys(bytes_view file, const secret& passphrase);
[[nodiscard]] expected<bytes> seal_soft_keys(const soft_key_content& content, const soft_key_lock& lock);

/// The whole file, at most 1 MiB. conflict: there is none; unavailable: cannot be read.
[[nodiscard]] expected<bytes> read_whole_file(const std::filesystem::path& file);
/// Writes beside it, syncs, renames over it, syncs the folder: after a power cut there is the old one or the new one.
[[nodiscard]] expected<void> replace_file(const std::filesystem::path& file, bytes_view content);

}  // namespace smgw::crypto::detail
