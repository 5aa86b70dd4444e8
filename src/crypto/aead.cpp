// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "crypto/aead.hpp"

#include "crypto/detail/botan.hpp"

#include <botan/aead.h>
#include <botan/chacha_rng.h>
#include <botan/system_rng.h>

namespace smgw::crypto {
namespace {

constexpr std::size_t nonce_size = 12;
constexpr std::size_t tag_size = 16;

}  // namespace

struct aead::impl {
  std::unique_ptr<Botan::AEAD_Mode> encrypt =
      Botan::AEAD_Mode::create_or_throw("AES-256/GCM(16)", Botan::Cipher_Dir::Encryption);
  std::unique_ptr<Botan::AEAD_Mode> decrypt =
      Botan::AEAD_Mode::create_or_throw("AES-256/GCM(16)", Botan::Cipher_Dir::Decryption);
  Botan::ChaCha_RNG nonces;
  std::uint64_t sealed = 0;
  Botan::secure_vector<std::uint8_t> buffer;  // kept: no allocation per value once it has grown

  explicit impl(bytes_view key) {
    encrypt->set_key(key);
    decrypt->set_key(key);
    std::array<std::uint8_t, 32> seed{};
    Botan::system_rng().randomize(seed);
    nonces.add_entropy(seed);
    wipe(seed);
  }
};

aead::aead(std::unique_ptr<impl> state) : impl_(std::move(state)) {}
aead::~aead() = default;
aead::aead(aead&&) noexcept = default;
aead& aead::operator=(aead&&) noexcept = default;

expected<aead> aead::create(const secret& key) {
  if (key.size() != key_size) return fail(errc::malformed, "AES-256 wants 32 octets of key");
  return detail::guarded(errc::internal, "AES-256-GCM",
                         [&]() -> expected<aead> { return aead{std::make_unique<impl>(key.reveal())}; });
}

expected<bytes> aead::seal(bytes_view aad, bytes_view plaintext) {
  if (impl_->sealed >= max_seals) return fail(errc::exhausted, "this key has sealed its share; change it");
  return detail::guarded(errc::internal, "AES-256-GCM", [&]() -> expected<bytes> {
    ++impl_->sealed;
    bytes out(nonce_size);
    impl_->nonces.randomize(out);
    auto& buffer = impl_->buffer;
    buffer.assign(plaintext.begin(), plaintext.end());
    impl_->encrypt->set_associated_data(aad);
    impl_->encrypt->start(std::span<const std::uint8_t>{out});
    impl_->encrypt->finish(buffer);
    out.insert(out.end(), buffer.begin(), buffer.end());
    return out;
  });
}

expected<bytes> aead::open(bytes_view aad, bytes_view blob) {
  if (blob.size() < nonce_size + tag_size) return fail(errc::truncated, "sealed value: too short");
  return detail::guarded(errc::untrusted, "sealed value", [&]() -> expected<bytes> {
    auto& buffer = impl_->buffer;
    const auto body = blob.subspan(nonce_size);
    buffer.assign(body.begin(), body.end());
    impl_->decrypt->set_associated_data(aad);
    impl_->decrypt->start(blob.first(nonce_size));
    impl_->decrypt->finish(buffer);
    return detail::to_bytes(buffer);
  });
}

}  // namespace smgw::crypto
