// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

/// \file
/// PACE of BSI TR-03110-3, id-PACE-ECDH-GM-AES-CBC-CMAC-128 over brainpoolP256r1 (domain parameters 13), the terminal's
/// side: both show that they know the PIN without sending it, and have session keys afterwards.

#include "crypto/card/secure_messaging.hpp"

#include <functional>

namespace smgw::crypto::card {

/// Digits of the module's PIN (TR-03116-3, 10): at least ten.
inline constexpr std::size_t min_pin_digits = 10;
inline constexpr std::size_t max_pin_digits = 32;

/// Sends a command, gives its answer.
using exchange_function = std::function<expected<response>(const command&)>;

/// Runs the protocol. malformed: the PIN is not 10 to 32 decimal digits; denied: it is wrong or blocked; untrusted: the
/// card does not know it, or sends points that are not on the curve; else what the exchange answered.
[[nodiscard]] expected<session_keys> pace(const exchange_function& exchange, const secret& pin);

// What both sides compute; the card of the tests uses it too, and OpenPACE checks it.
namespace pace_parts {

/// 0.4.0.127.0.7.2.2.4.2.2, content octets.
inline constexpr std::array<std::uint8_t, 10> mechanism{0x04, 0x00, 0x7F, 0x00, 0x07, 0x02, 0x02, 0x04, 0x02, 0x02};
inline constexpr std::uint8_t domain_parameters = 13;
inline constexpr std::uint8_t password_pin = 3;
/// Counters of the key derivation (TR-03110-3, A.2.3.1).
enum class key_use : std::uint8_t { encryption = 1, mac = 2, password = 3 };

/// SHA-1(input ‖ counter), cut to an AES-128 key.
[[nodiscard]] expected<secret> derive(bytes_view input, key_use use);
/// The nonce travels in one AES block, without IV.
[[nodiscard]] expected<bytes> encrypt_nonce(const secret& password_key, bytes_view nonce);
[[nodiscard]] expected<bytes> decrypt_nonce(const secret& password_key, bytes_view cipher);
/// CMAC over the other side's ephemeral public key as a data object 7F49; 8 octets.
[[nodiscard]] expected<bytes> token(const secret& mac_key, bytes_view their_point);

/// One side's two key pairs. Generic mapping: the generator is moved by nonce and a first agreement.
class agreement {
 public:
  agreement();
  ~agreement();
  agreement(agreement&&) noexcept;
  agreement& operator=(agreement&&) noexcept;
  [[nodiscard]] expected<bytes> mapping_point();
  /// untrusted: the point is not on the curve, or the generator vanishes.
  [[nodiscard]] expected<void> map(bytes_view nonce, bytes_view their_mapping_point);
  [[nodiscard]] expected<bytes> ephemeral_point();
  /// untrusted: not on the curve, or our own point sent back.
  [[nodiscard]] expected<session_keys> agree(bytes_view their_ephemeral_point);

 private:
  struct impl;
  std::unique_ptr<impl> impl_;
};

}  // namespace pace_parts
}  // namespace smgw::crypto::card
