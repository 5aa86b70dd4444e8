// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "base/octets.hpp"
#include "protocols/cms/cipher_modes.hpp"
#include "protocols/cms/primitives.hpp"

#include <botan/aead.h>
#include <botan/exceptn.h>
#include <botan/mac.h>

namespace smgw::cms {
namespace {

/// CMAC(KMAC, C ‖ AAD): REQ.CMS.AesCbcCmac.30.
bytes cmac(cipher c, const secret& key, bytes_view ciphertext, bytes_view aad) {
  const auto mac = make_cmac(c, key);
  mac->update(ciphertext);
  mac->update(aad);
  return mac->final_stdvec();
}

}  // namespace

expected<bytes> encrypt(cipher c, const secret& key, bytes_view iv, bytes_view aad, std::span<std::uint8_t> buffer,
                        std::size_t plain) {
  try {
    if (is_gcm(c)) {
      const auto mode = make_gcm(c, key, iv, aad, tag_octets, direction::encryption);
      mode->process(buffer);
      Botan::secure_vector<std::uint8_t> tag;
      mode->finish(tag);
      return bytes(tag.begin(), tag.end());
    }
    for (auto i = plain; i < buffer.size(); ++i) buffer[i] = static_cast<std::uint8_t>(buffer.size() - plain);
    make_cbc(c, key, iv, direction::encryption)->process(buffer);
    return cmac(c, key, buffer, aad);
  } catch (const std::exception&) {
    return fail(errc::internal, "content encryption");
  }
}

expected<bytes> decrypt(cipher c, const secret& key, bytes_view iv, bytes_view aad, bytes_view ciphertext,
                        bytes_view mac) {
  try {
    if (is_gcm(c)) {
      const auto mode = make_gcm(c, key, iv, aad, mac.size(), direction::decryption);
      bytes plain(ciphertext.begin(), ciphertext.end());
      mode->process(plain);
      Botan::secure_vector<std::uint8_t> tag(mac.begin(), mac.end());
      try {
        mode->finish(tag);
      } catch (const Botan::Invalid_Authentication_Tag&) {
        wipe(plain);
        return fail(errc::untrusted, "MAC of the content");
      }
      return plain;
    }
    if (!equal_constant_time(cmac(c, key, ciphertext, aad), mac)) return fail(errc::untrusted, "MAC of the content");
    if (ciphertext.empty() || ciphertext.size() % cipher_block != 0) return fail(errc::malformed, "CBC length");
    bytes plain(ciphertext.begin(), ciphertext.end());
    make_cbc(c, key, iv, direction::decryption)->process(plain);
    const auto padding = padding_of(plain);
    if (!padding) return std::unexpected{padding.error()};
    plain.resize(plain.size() - *padding);
    return plain;
  } catch (const std::exception&) {
    return fail(errc::internal, "content decryption");
  }
}

}  // namespace smgw::cms
