// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

/// \file
/// The symmetric half of the work split with the security module (detail specification 5.5): hash, KDF, key wrap and
/// content encryption; and what is done with public keys. Inner use of this module.

#include "protocols/cms/keys.hpp"

namespace smgw::cms {

[[nodiscard]] std::size_t digest_octets(digest d) noexcept;
[[nodiscard]] std::size_t key_octets(key_wrap w) noexcept;
/// AES key length of a content cipher.
[[nodiscard]] std::size_t key_octets(cipher c) noexcept;
[[nodiscard]] bool is_gcm(cipher c) noexcept;
/// What is wrapped for the recipient: K, or Kenc ‖ KMAC (REQ.CMS.AuthEnvelopedData.50, .90).
[[nodiscard]] std::size_t key_material_octets(cipher c) noexcept;

[[nodiscard]] expected<bytes> hash(digest d, bytes_view data);

/// KDF_X9.63 of TR-03111 4.3.3 with an empty or an ECC-CMS SharedInfo; the key for `wrap`.
[[nodiscard]] expected<secret> derive_key(digest kdf, key_wrap wrap, shared_info info, bytes_view z);

/// AES key wrap, RFC 3394 with the default IV.
[[nodiscard]] expected<bytes> wrap_key(const secret& kek, const secret& key);
/// untrusted if the check value is wrong.
[[nodiscard]] expected<secret> unwrap_key(const secret& kek, bytes_view wrapped);

/// Octets of the ciphertext for a plaintext of `n` octets.
[[nodiscard]] std::size_t ciphertext_octets(cipher c, std::size_t n) noexcept;
/// Encrypts the first `plain` octets of `buffer` in place; buffer has ciphertext_octets(c, plain). Answers the 16
/// octets of the MAC. `iv`: the nonce of GCM (12 octets), or the CBC IV (16 octets).
[[nodiscard]] expected<bytes> encrypt(cipher c, const secret& key, bytes_view iv, bytes_view aad,
                                      std::span<std::uint8_t> buffer, std::size_t plain);
/// untrusted if the MAC is wrong: nothing is decrypted (CBC-CMAC) or given out (GCM) then. malformed: padding.
[[nodiscard]] expected<bytes> decrypt(cipher c, const secret& key, bytes_view iv, bytes_view aad, bytes_view ciphertext,
                                      bytes_view mac);

/// untrusted unless the point is an uncompressed one on the curve (TR-03111 3.2.1).
[[nodiscard]] expected<void> check_point(curve c, bytes_view point);
/// ECDSA with plain r‖s over `data`; untrusted.
[[nodiscard]] expected<void> verify_signature(const public_key& key, digest d, bytes_view data, bytes_view plain);

}  // namespace smgw::cms
