// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

/// \file
/// Secure messaging of BSI TR-03110-3, annex F, in its AES-128 form: what PACE has agreed protects each APDU.

#include "base/secret.hpp"
#include "crypto/card/apdu.hpp"

#include <array>

namespace smgw::crypto::card {

/// What PACE leaves: one key for encryption, one for the MAC, 16 octets each.
struct session_keys {
  secret encryption;
  secret mac;
};

/// The primitives of a session, for either side; the counter goes up by one with every APDU.
class session_cipher {
 public:
  explicit session_cipher(session_keys keys) : keys_(std::move(keys)) {}
  void step() noexcept;
  /// AES-CBC over the padded plaintext; the IV is the encrypted counter.
  [[nodiscard]] expected<bytes> encrypt(bytes_view plain) const;
  /// malformed: no whole blocks, or the padding is wrong. To be called after the MAC has been verified.
  [[nodiscard]] expected<bytes> decrypt(bytes_view cipher) const;
  /// CMAC over counter ‖ the parts, padded; 8 octets.
  [[nodiscard]] expected<std::array<std::uint8_t, 8>> mac(bytes_view data) const;

 private:
  [[nodiscard]] bytes initial_vector() const;
  session_keys keys_;
  std::array<std::uint8_t, 16> counter_{};
};

/// Method 2 of ISO/IEC 9797-1: 80, then zeros up to a whole block.
void pad(bytes& data);

/// The terminal's side.
class secure_messaging {
 public:
  explicit secure_messaging(session_keys keys) : cipher_(std::move(keys)) {}
  /// The protected form of a command; the next answer belongs to it.
  [[nodiscard]] expected<command> wrap(const command& plain);
  /// untrusted: the MAC is wrong or missing, or the status outside is not that inside; the session is over then.
  [[nodiscard]] expected<response> unwrap(const response& wrapped);

 private:
  session_cipher cipher_;
};

// Data objects of secure messaging (TR-03110-3, F.2).
inline constexpr std::uint16_t do_cryptogram = 0x87;      ///< 01 ‖ cryptogram
inline constexpr std::uint16_t do_cryptogram_odd = 0x85;  ///< the same for odd instructions, without 01
inline constexpr std::uint16_t do_expects = 0x97;
inline constexpr std::uint16_t do_status = 0x99;
inline constexpr std::uint16_t do_mac = 0x8E;

}  // namespace smgw::crypto::card
