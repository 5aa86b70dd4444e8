// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

#include "crypto/key_store.hpp"

#include <filesystem>

namespace smgw::crypto::pkcs11 {

/// Where the keys are. As a line of configuration it is an RFC 7512 address:
/// `pkcs11:token=smgw?module-path=/usr/lib/softhsm/libsofthsm2.so&pin-source=/etc/smgw/pin`.
struct address {
  std::filesystem::path module_path;
  std::string token;                 ///< label of the token; empty if `serial` is given
  std::string serial;                ///< of the token; empty: whichever has the label
  std::filesystem::path pin_source;  ///< file that holds the PIN
};
/// malformed: names the attribute and what it should be. Attributes that choose a single object are refused.
[[nodiscard]] expected<address> parse_address(std::string_view uri);

/// Keys in a token behind a PKCS#11 library: a hardware module, a smart card through OpenSC, SoftHSM. Every private key
/// is made there, sensitive and not extractable; ephemeral ones are session objects. Calls are serialised.
/// A token that was pulled makes calls fail (unavailable) until it is back; another token in its place is untrusted.
class token_key_store final : public key_store {
 public:
  /// unavailable: no module, no such token; denied: the PIN is wrong (it is tried once only: tokens count).
  [[nodiscard]] static expected<std::unique_ptr<token_key_store>> open(const address& where, secret pin);
  ~token_key_store() override;

  [[nodiscard]] key_store_identity identify() const override;
  [[nodiscard]] key_store_state state() const override;
  /// The curves are found by trying: a PKCS#11 token does not tell them. The first call takes a key pair for each.
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

  /// Objects in the token that end with the session: nothing is left after a handshake.
  [[nodiscard]] expected<std::size_t> session_objects() const;

 private:
  struct impl;
  explicit token_key_store(std::shared_ptr<impl> state);
  std::shared_ptr<impl> impl_;
};

}  // namespace smgw::crypto::pkcs11
