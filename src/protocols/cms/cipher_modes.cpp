// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "protocols/cms/cipher_modes.hpp"

#include "protocols/cms/primitives.hpp"

#include <botan/aead.h>
#include <botan/cipher_mode.h>
#include <botan/mac.h>

#include <string>

namespace smgw::cms {
namespace {

std::string aes(cipher c) { return "AES-" + std::to_string(8 * key_octets(c)); }

Botan::Cipher_Dir to_botan(direction way) {
  return way == direction::encryption ? Botan::Cipher_Dir::Encryption : Botan::Cipher_Dir::Decryption;
}

bytes_view encryption_key(cipher c, const secret& key) { return key.reveal().first(key_octets(c)); }
bytes_view mac_key(cipher c, const secret& key) { return key.reveal().subspan(key_octets(c)); }

}  // namespace

std::size_t key_octets(cipher c) noexcept {
  switch (c) {
    case cipher::aes128_gcm:
    case cipher::aes128_cbc_cmac: return 16;
    case cipher::aes192_gcm:
    case cipher::aes192_cbc_cmac: return 24;
    case cipher::aes256_gcm:
    case cipher::aes256_cbc_cmac: return 32;
  }
  return 0;
}

bool is_gcm(cipher c) noexcept { return c == cipher::aes128_gcm || c == cipher::aes192_gcm || c == cipher::aes256_gcm; }

std::size_t key_material_octets(cipher c) noexcept { return key_octets(c) * (is_gcm(c) ? 1 : 2); }

std::size_t ciphertext_octets(cipher c, std::size_t n) noexcept {
  return is_gcm(c) ? n : n + cipher_block - n % cipher_block;
}

std::unique_ptr<Botan::AEAD_Mode> make_gcm(cipher c, const secret& key, bytes_view iv, bytes_view aad, std::size_t tag,
                                           direction way) {
  auto mode = Botan::AEAD_Mode::create_or_throw(aes(c) + "/GCM(" + std::to_string(tag) + ")", to_botan(way));
  mode->set_key(encryption_key(c, key));
  mode->set_associated_data(aad);
  mode->start(iv);
  return mode;
}

std::unique_ptr<Botan::Cipher_Mode> make_cbc(cipher c, const secret& key, bytes_view iv, direction way) {
  auto mode = Botan::Cipher_Mode::create_or_throw(aes(c) + "/CBC/NoPadding", to_botan(way));
  mode->set_key(encryption_key(c, key));
  mode->start(iv);
  return mode;
}

std::unique_ptr<Botan::MessageAuthenticationCode> make_cmac(cipher c, const secret& key) {
  auto mac = Botan::MessageAuthenticationCode::create_or_throw("CMAC(" + aes(c) + ")");
  mac->set_key(mac_key(c, key));
  return mac;
}

expected<std::size_t> padding_of(bytes_view padded) {
  const std::size_t k = padded.back();
  if (k == 0 || k > cipher_block) return fail(errc::malformed, "CBC padding");
  for (const auto octet : padded.last(k))
    if (octet != k) return fail(errc::malformed, "CBC padding");
  return k;
}

}  // namespace smgw::cms
