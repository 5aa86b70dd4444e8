// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

/// \file
/// AES-128 in the modes of EN 13757-7: the objects of one meter, made once and used for every telegram.

#include "base/secret.hpp"

#include <array>
#include <memory>

namespace smgw::wmbus {

inline constexpr std::size_t key_size = 16;
using block = std::array<std::uint8_t, 16>;

/// Which key, and in which direction (TR-03116-3 7.2; key derivation function A of EN 13757-7, 9.6.1).
enum class derived : std::uint8_t {
  encryption = 0x00,          ///< Kenc, meter to gateway
  authentication = 0x01,      ///< KMAC, meter to gateway
  encryption_down = 0x10,     ///< Lenc, gateway to meter
  authentication_down = 0x11  ///< LMAC, gateway to meter
};

/// The master key of one meter and the cipher objects that use it. Not for several threads at once.
/// After the first telegram no call allocates.
class meter_cipher {
 public:
  /// Malformed unless the key has 16 octets.
  [[nodiscard]] static expected<meter_cipher> make(const secret& master_key);
  meter_cipher(meter_cipher&&) noexcept;
  meter_cipher& operator=(meter_cipher&&) noexcept;
  ~meter_cipher();

  /// `CMAC(MK, tag || counter (LSB first) || id (as on air) || 07 × 7)`: becomes the current key of the calls below.
  void derive(derived which, std::uint32_t counter, std::uint32_t id);
  /// The master key itself becomes the current key (mode 5, extended link layer).
  void use_master();

  /// Under the current key, in place; `data` is a whole number of blocks.
  void cbc_decrypt(std::span<std::uint8_t> data, const block& iv);
  void cbc_encrypt(std::span<std::uint8_t> data, const block& iv);
  /// Both directions.
  void ctr(std::span<std::uint8_t> data, const block& first_counter);
  /// CMAC of `parts` in a row.
  void cmac(std::span<const bytes_view> parts, block& out);

  /// CCM (SP 800-38C) with a nonce of 13 octets. Decrypts in place; false (and `data` wiped) if the tag is wrong.
  [[nodiscard]] bool ccm_open(std::span<std::uint8_t> data, bytes_view nonce, std::span<const bytes_view> associated,
                              bytes_view tag);
  void ccm_seal(std::span<std::uint8_t> data, bytes_view nonce, std::span<const bytes_view> associated,
                std::span<std::uint8_t> tag);

  /// The derived key as octets: for tests and simulated meters.
  [[nodiscard]] secret derived_key(derived which, std::uint32_t counter, std::uint32_t id);

 private:
  struct impl;
  explicit meter_cipher(std::unique_ptr<impl> i);
  std::unique_ptr<impl> impl_;
};

}  // namespace smgw::wmbus
