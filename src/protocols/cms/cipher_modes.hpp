// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

/// \file
/// Botan's modes for the content ciphers: AES-GCM, and AES-CBC with AES-CMAC. Inner use of this module; they throw what
/// Botan throws.

#include "base/secret.hpp"
#include "protocols/cms/suite.hpp"

#include <memory>

namespace Botan {
class AEAD_Mode;
class Cipher_Mode;
class MessageAuthenticationCode;
}  // namespace Botan

namespace smgw::cms {

inline constexpr std::size_t cipher_block = 16;
enum class direction : bool { encryption, decryption };

/// Keyed with the AEAD key and started; `tag`: octets of the tag.
[[nodiscard]] std::unique_ptr<Botan::AEAD_Mode> make_gcm(cipher c, const secret& key, bytes_view iv, bytes_view aad,
                                                         std::size_t tag, direction way);
/// Keyed with Kenc and started, without padding.
[[nodiscard]] std::unique_ptr<Botan::Cipher_Mode> make_cbc(cipher c, const secret& key, bytes_view iv, direction way);
/// Keyed with KMAC, for C ‖ AAD (REQ.CMS.AesCbcCmac.30).
[[nodiscard]] std::unique_ptr<Botan::MessageAuthenticationCode> make_cmac(cipher c, const secret& key);

/// Octets of the padding of RFC 5652, 6.3, at the end of what was decrypted; malformed. Nothing here depends on
/// secrets: the MAC has been verified.
[[nodiscard]] expected<std::size_t> padding_of(bytes_view padded);

}  // namespace smgw::cms
