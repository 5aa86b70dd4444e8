// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

#include "crypto/card/link.hpp"
#include "crypto/key_store.hpp"

#include <filesystem>
#include <functional>

namespace smgw::crypto::card {

/// Where the card is. As a line of configuration: `smartcard:serial=00A1B2C3;pin-source=/etc/smgw/pin;reader=Identiv`.
/// `reader` is the last part, because it holds any character.
struct address {
  std::string reader;                ///< name of the reader, or its beginning; empty: the first with a card
  std::string serial;                ///< of the module; empty: whichever is there first
  std::filesystem::path pin_source;  ///< file that holds the PIN
};
/// malformed: names the part and what it should be.
[[nodiscard]] expected<address> parse_address(std::string_view line);

/// Opens the way to the card again after it was lost.
using connect_function = std::function<expected<std::unique_ptr<link>>()>;

/// Keys in the guideline's own security module, a smart card behind PACE and secure messaging. Ephemeral keys are made,
/// used and destroyed there. Calls are serialised. A card that was pulled makes calls fail (unavailable) until it is
/// back; another one in its place is untrusted.
class card_key_store final : public key_store {
 public:
  /// unavailable: no reader, no card; denied: the PIN is wrong (it is tried once only: the card counts); untrusted:
  /// another card than `serial`.
  [[nodiscard]] static expected<std::unique_ptr<card_key_store>> open(const address& where, secret pin);
  /// Over another way than PC/SC.
  [[nodiscard]] static expected<std::unique_ptr<card_key_store>> open(connect_function connect, std::string serial,
                                                                      secret pin);
  ~card_key_store() override;

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

 private:
  struct impl;
  explicit card_key_store(std::shared_ptr<impl> state);
  std::shared_ptr<impl> impl_;
};

}  // namespace smgw::crypto::card
