// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

#include "crypto/key_store.hpp"

#include <filesystem>

namespace smgw::crypto {

/// Argon2id parameters. The defaults take about half a second on a small ARM board and fit its memory.
struct soft_key_store_options {
  std::uint32_t memory_kib = 32 * 1024;
  std::uint32_t iterations = 3;
};

/// What the store did since it was made; tests prove by it that keys are used where they live.
struct key_store_counters {
  std::uint64_t signed_digests = 0, agreed = 0, ephemerals_made = 0, ephemerals_alive = 0;
};

/// Keys in this process: for development, for gateways without a module, and for tests.
/// The file is one AES-256-GCM sealed blob under a key from a passphrase (Argon2id), replaced atomically, mode 0600.
class soft_key_store final : public key_store {
 public:
  /// Opens `file`, or makes it. untrusted: wrong passphrase or altered file; malformed: not such a file;
  /// unavailable: cannot be read or written; exhausted: its Argon2 parameters ask for more than 1 GiB.
  [[nodiscard]] static expected<std::unique_ptr<soft_key_store>> open(const std::filesystem::path& file,
                                                                      const secret& passphrase,
                                                                      soft_key_store_options options = {});
  /// Nothing on disk; everything ends with the object.
  [[nodiscard]] static std::unique_ptr<soft_key_store> in_memory();
  ~soft_key_store() override;

  [[nodiscard]] key_store_identity identify() const override;
  [[nodiscard]] key_store_state state() const override;
  [[nodiscard]] key_store_capabilities capabilities() const override;
  [[nodiscard]] expected<void> random(std::span<std::uint8_t> out) override;
  [[nodiscard]] expected<key_info> generate(std::string_view label, curve on, key_purpose purpose) override;
  [[nodiscard]] expected<std::vector<key_info>> list() const override;
  [[nodiscard]] expected<key_info> find(std::string_view label) const override;
  [[nodiscard]] expected<void> destroy(std::string_view label) override;
  [[nodiscard]] expected<bytes> sign_digest(std::string_view label, bytes_view digest) override;
  [[nodiscard]] expected<secret> agree(std::string_view label, bytes_view peer_point) override;
  [[nodiscard]] expected<std::unique_ptr<ephemeral_key>> generate_ephemeral(curve on) override;
  [[nodiscard]] expected<bytes> seal(bytes_view plaintext) override;
  [[nodiscard]] expected<secret> unseal(bytes_view sealed) override;

  /// Writes the file anew under another passphrase.
  [[nodiscard]] expected<void> change_passphrase(const secret& passphrase);

  /// Takes a private scalar made elsewhere (big-endian, field_size octets): a meter's first key, a test vector.
  [[nodiscard]] expected<key_info> import_scalar(std::string_view label, curve on, key_purpose purpose,
                                                 const secret& scalar);
  /// The private scalar of an `lmn` key in an in-memory store: the gateway makes a meter's key pair and sends it over
  /// TLS (TR-03116-3 6.3.1). denied for every other key and for stores on disk.
  [[nodiscard]] expected<secret> export_scalar(std::string_view label) const;

  [[nodiscard]] key_store_counters counters() const;

 private:
  struct impl;
  explicit soft_key_store(std::shared_ptr<impl> state);
  std::shared_ptr<impl> impl_;
};

}  // namespace smgw::crypto
