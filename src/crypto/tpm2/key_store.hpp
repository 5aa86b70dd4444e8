// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

#include "crypto/key_store.hpp"

#include <filesystem>

namespace smgw::crypto::tpm2 {

/// Where the keys are. As a line of configuration: `tpm2:pcrs=7+11;file=keys.tpm2;tcti=device:/dev/tpmrm0`. All parts
/// may be left out; `tcti` is the last, because it holds any character.
struct address {
  std::string tcti = "device:/dev/tpmrm0";
  std::filesystem::path file = "keys.tpm2";  ///< of the wrapped keys; in the data directory unless absolute
  std::vector<std::uint8_t> pcrs{7};         ///< what is sealed opens only while these are as they were
};
/// malformed: names the part and what it should be.
[[nodiscard]] expected<address> parse_address(std::string_view line);

/// Keys of a TPM 2.0: made there, and kept outside encrypted for this TPM alone, in a file, so their number is not
/// bounded by its slots. Ephemeral keys live in a slot. The TPM has no brainpool curves; capabilities() says so.
/// Calls are serialised. A TPM that is gone makes calls fail (unavailable) until it is back; another one is untrusted.
class tpm_key_store final : public key_store {
 public:
  /// Opens the key file, or makes it. untrusted: the file belongs to another TPM, or was altered.
  [[nodiscard]] static expected<std::unique_ptr<tpm_key_store>> open(const address& where);
  ~tpm_key_store() override;

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
  /// denied: the PCRs are not as they were when it was sealed.
  [[nodiscard]] expected<secret> unseal(bytes_view sealed) override;
  [[nodiscard]] expected<std::uint64_t> counter() override;
  [[nodiscard]] expected<std::uint64_t> advance_counter() override;

  /// Objects in the TPM's slots, our own resting key not counted: nothing is left after a handshake.
  [[nodiscard]] expected<std::size_t> transient_objects() const;

 private:
  struct impl;
  explicit tpm_key_store(std::shared_ptr<impl> state);
  std::shared_ptr<impl> impl_;
};

}  // namespace smgw::crypto::tpm2
