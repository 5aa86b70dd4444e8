// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "base/octets.hpp"
#include "protocols/cms/content_stream.hpp"
#include "protocols/cms/primitives.hpp"

#include <botan/aead.h>
#include <botan/cipher_mode.h>
#include <botan/exceptn.h>
#include <botan/mac.h>

#include <string>

namespace smgw::cms {
namespace {

constexpr std::size_t block = 16;

std::string aes(cipher c) { return "AES-" + std::to_string(8 * key_octets(c)); }

bytes_view encryption_key(cipher c, const secret& key) { return key.reveal().first(key_octets(c)); }
bytes_view mac_key(cipher c, const secret& key) { return key.reveal().subspan(key_octets(c)); }

/// CMAC(KMAC, C ‖ AAD): REQ.CMS.AesCbcCmac.30.
bytes cmac(cipher c, const secret& key, bytes_view ciphertext, bytes_view aad) {
  const auto mac = Botan::MessageAuthenticationCode::create_or_throw("CMAC(" + aes(c) + ")");
  mac->set_key(mac_key(c, key));
  mac->update(ciphertext);
  mac->update(aad);
  return mac->final_stdvec();
}

std::unique_ptr<Botan::Cipher_Mode> cbc(cipher c, const secret& key, bytes_view iv, Botan::Cipher_Dir direction) {
  auto mode = Botan::Cipher_Mode::create_or_throw(aes(c) + "/CBC/NoPadding", direction);
  mode->set_key(encryption_key(c, key));
  mode->start(iv);
  return mode;
}

std::unique_ptr<Botan::AEAD_Mode> gcm(cipher c, const secret& key, bytes_view iv, bytes_view aad, std::size_t tag,
                                      Botan::Cipher_Dir direction) {
  auto mode = Botan::AEAD_Mode::create_or_throw(aes(c) + "/GCM(" + std::to_string(tag) + ")", direction);
  mode->set_key(encryption_key(c, key));
  mode->set_associated_data(aad);
  mode->start(iv);
  return mode;
}

/// RFC 5652 6.3. Nothing here depends on secrets: the MAC has been verified.
expected<std::size_t> padding_of(bytes_view padded) {
  const std::size_t k = padded.back();
  if (k == 0 || k > block) return fail(errc::malformed, "CBC padding");
  for (const auto octet : padded.last(k))
    if (octet != k) return fail(errc::malformed, "CBC padding");
  return k;
}

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

std::size_t ciphertext_octets(cipher c, std::size_t n) noexcept { return is_gcm(c) ? n : n + block - n % block; }

expected<bytes> encrypt(cipher c, const secret& key, bytes_view iv, bytes_view aad, std::span<std::uint8_t> buffer,
                        std::size_t plain) {
  try {
    if (is_gcm(c)) {
      const auto mode = gcm(c, key, iv, aad, tag_octets, Botan::Cipher_Dir::Encryption);
      mode->process(buffer);
      Botan::secure_vector<std::uint8_t> tag;
      mode->finish(tag);
      return bytes(tag.begin(), tag.end());
    }
    for (auto i = plain; i < buffer.size(); ++i) buffer[i] = static_cast<std::uint8_t>(buffer.size() - plain);
    cbc(c, key, iv, Botan::Cipher_Dir::Encryption)->process(buffer);
    return cmac(c, key, buffer, aad);
  } catch (const std::exception&) {
    return fail(errc::internal, "content encryption");
  }
}

expected<bytes> decrypt(cipher c, const secret& key, bytes_view iv, bytes_view aad, bytes_view ciphertext,
                        bytes_view mac) {
  try {
    if (is_gcm(c)) {
      const auto mode = gcm(c, key, iv, aad, mac.size(), Botan::Cipher_Dir::Decryption);
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
    if (ciphertext.empty() || ciphertext.size() % block != 0) return fail(errc::malformed, "CBC length");
    bytes plain(ciphertext.begin(), ciphertext.end());
    cbc(c, key, iv, Botan::Cipher_Dir::Decryption)->process(plain);
    const auto padding = padding_of(plain);
    if (!padding) return std::unexpected{padding.error()};
    plain.resize(plain.size() - *padding);
    return plain;
  } catch (const std::exception&) {
    return fail(errc::internal, "content decryption");
  }
}

struct content_stream::state {
  ~state() { wipe(held); }
  cipher kind{};
  std::unique_ptr<Botan::Cipher_Mode> mode;
  std::unique_ptr<Botan::MessageAuthenticationCode> mac;  // of CBC-CMAC
  bytes aad;
  bytes held;  // the octets of a block that is not complete or, decrypting CBC, that may be the last
};

content_stream::content_stream(std::unique_ptr<state> s) : state_(std::move(s)) {}
content_stream::~content_stream() = default;
content_stream::content_stream(content_stream&&) noexcept = default;
content_stream& content_stream::operator=(content_stream&&) noexcept = default;

expected<content_stream> content_stream::create(cipher c, bool encrypts, const secret& key, bytes_view iv,
                                                bytes_view aad, std::size_t tag) {
  try {
    const auto direction = encrypts ? Botan::Cipher_Dir::Encryption : Botan::Cipher_Dir::Decryption;
    auto s = std::make_unique<state>();
    s->kind = c;
    s->aad.assign(aad.begin(), aad.end());
    if (is_gcm(c)) {
      s->mode = gcm(c, key, iv, aad, tag, direction);
    } else {
      s->mode = cbc(c, key, iv, direction);
      s->mac = Botan::MessageAuthenticationCode::create_or_throw("CMAC(" + aes(c) + ")");
      s->mac->set_key(mac_key(c, key));
    }
    return content_stream{std::move(s)};
  } catch (const std::exception&) {
    return fail(errc::internal, "content encryption");
  }
}

expected<bytes> content_stream::encrypt(bytes_view plain) {
  auto& s = *state_;
  try {
    bytes out = std::exchange(s.held, {});
    put(out, plain);
    const auto whole = out.size() - out.size() % block;
    s.held.assign(out.begin() + static_cast<std::ptrdiff_t>(whole), out.end());
    out.resize(whole);
    if (!out.empty()) s.mode->process(out);
    if (s.mac) s.mac->update(out);
    return out;
  } catch (const std::exception&) {
    return fail(errc::internal, "content encryption");
  }
}

expected<bytes> content_stream::last_block() {
  auto& s = *state_;
  if (!is_gcm(s.kind)) {
    const auto k = block - s.held.size();
    return encrypt(bytes(k, static_cast<std::uint8_t>(k)));
  }
  try {
    bytes out = std::exchange(s.held, {});
    if (!out.empty()) s.mode->process(out);
    return out;
  } catch (const std::exception&) {
    return fail(errc::internal, "content encryption");
  }
}

expected<bytes> content_stream::tag() {
  try {
    if (state_->mac) {
      state_->mac->update(state_->aad);
      return state_->mac->final_stdvec();
    }
    Botan::secure_vector<std::uint8_t> tag;
    state_->mode->finish(tag);
    return bytes(tag.begin(), tag.end());
  } catch (const std::exception&) {
    return fail(errc::internal, "content encryption");
  }
}

expected<bytes> content_stream::decrypt(bytes_view ciphertext) {
  auto& s = *state_;
  try {
    if (s.mac) s.mac->update(ciphertext);
    bytes out = std::exchange(s.held, {});
    put(out, ciphertext);
    // Whole blocks go on. Of CBC, the last one stays: its padding is not looked at before the MAC.
    const auto keep = out.empty() ? 0 : is_gcm(s.kind) ? out.size() % block : (out.size() - 1) % block + 1;
    s.held.assign(out.end() - static_cast<std::ptrdiff_t>(keep), out.end());
    out.resize(out.size() - keep);
    if (!out.empty()) s.mode->process(out);
    return out;
  } catch (const std::exception&) {
    return fail(errc::internal, "content decryption");
  }
}

expected<bytes> content_stream::verify(bytes_view aad, bytes_view mac) {
  auto& s = *state_;
  try {
    if (!s.mac) {
      if (!s.held.empty()) s.mode->process(s.held);
      Botan::secure_vector<std::uint8_t> tag(mac.begin(), mac.end());
      s.mode->finish(tag);
      return std::exchange(s.held, {});
    }
    s.mac->update(aad);
    if (!equal_constant_time(s.mac->final_stdvec(), mac)) return fail(errc::untrusted, "MAC of the content");
    if (s.held.size() != block) return fail(errc::malformed, "CBC length");
    auto last = std::exchange(s.held, {});
    s.mode->process(last);
    const auto padding = padding_of(last);
    if (!padding) return std::unexpected{padding.error()};
    last.resize(last.size() - *padding);
    return last;
  } catch (const Botan::Invalid_Authentication_Tag&) {
    return fail(errc::untrusted, "MAC of the content");
  } catch (const std::exception&) {
    return fail(errc::internal, "content decryption");
  }
}

}  // namespace smgw::cms
