// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "base/check.hpp"
#include "base/octets.hpp"
#include "crypto/card/pace.hpp"
#include "crypto/card/tlv.hpp"
#include "crypto/detail/botan.hpp"
#include "crypto/mac.hpp"

#include <botan/auto_rng.h>
#include <botan/block_cipher.h>
#include <botan/hash.h>

#include <optional>

namespace smgw::crypto::card::pace_parts {
namespace {

constexpr curve on = curve::brainpool_p256r1;
constexpr std::size_t nonce_size = 16;

}  // namespace

expected<secret> derive(bytes_view input, key_use use) {
  return detail::guarded(errc::internal, "card: key derivation", [&]() -> expected<secret> {
    const auto hash = Botan::HashFunction::create_or_throw("SHA-1");
    const std::array<std::uint8_t, 4> counter{0, 0, 0, static_cast<std::uint8_t>(use)};
    hash->update(input);
    hash->update(counter);
    const auto digest = hash->final();
    return secret{bytes_view{digest}.first(16)};
  });
}

expected<bytes> encrypt_nonce(const secret& password_key, bytes_view nonce) {
  if (nonce.size() != nonce_size) return fail(errc::malformed, "card: nonce");
  const auto cipher = Botan::BlockCipher::create_or_throw("AES-128");
  cipher->set_key(password_key.reveal());
  bytes out(nonce_size);
  cipher->encrypt(nonce.data(), out.data());
  return out;
}

expected<bytes> decrypt_nonce(const secret& password_key, bytes_view encrypted) {
  if (encrypted.size() != nonce_size) return fail(errc::untrusted, "card: PACE: the nonce has another length");
  const auto cipher = Botan::BlockCipher::create_or_throw("AES-128");
  cipher->set_key(password_key.reveal());
  bytes out(nonce_size);
  cipher->decrypt(encrypted.data(), out.data());
  return out;
}

expected<bytes> token(const secret& mac_key, bytes_view their_point) {
  const auto key = tlv(0x7F49, {tlv(0x06, {mechanism}), tlv(0x86, {their_point})});
  SMGW_TRY(const auto full, aes_cmac(mac_key.reveal(), key));
  return bytes(full.begin(), full.begin() + 8);
}

struct agreement::impl {
  Botan::AutoSeeded_RNG rng;
  std::optional<Botan::EC_Scalar> mapping, ephemeral;
  std::optional<Botan::EC_AffinePoint> generator;
  bytes own;
};

agreement::agreement() : impl_(std::make_unique<impl>()) {}
agreement::~agreement() = default;
agreement::agreement(agreement&&) noexcept = default;
agreement& agreement::operator=(agreement&&) noexcept = default;

expected<bytes> agreement::mapping_point() {
  return detail::guarded(errc::internal, "card: PACE", [&]() -> expected<bytes> {
    impl_->mapping = Botan::EC_Scalar::random(detail::group_of(on), impl_->rng);
    return detail::multiply_generator(*impl_->mapping, impl_->rng);
  });
}

expected<void> agreement::map(bytes_view nonce, bytes_view their_mapping_point) {
  return detail::guarded(errc::untrusted, "card: PACE mapping", [&]() -> expected<void> {
    const auto peer = detail::point_of(on, their_mapping_point);
    if (!peer) return fail(errc::untrusted, "card: PACE: the mapping point is not on the curve");
    const auto h = detail::multiply(*peer, *impl_->mapping, impl_->rng);
    // 128 bits of nonce are less than the order, so they are a scalar as they stand.
    bytes wide(field_size(on) - nonce.size());
    put(wide, nonce);
    const auto s = Botan::EC_Scalar::deserialize(detail::group_of(on), wide);
    wipe(wide);
    if (!s || s->is_zero()) return fail(errc::untrusted, "card: PACE: the nonce is zero");
    const auto generator = Botan::EC_AffinePoint::generator(detail::group_of(on));
    impl_->generator = detail::multiply(generator, *s, impl_->rng).add(h);
    if (impl_->generator->is_identity()) return fail(errc::untrusted, "card: PACE: the generator vanished");
    return {};
  });
}

expected<bytes> agreement::ephemeral_point() {
  return detail::guarded(errc::internal, "card: PACE", [&]() -> expected<bytes> {
    impl_->ephemeral = Botan::EC_Scalar::random(detail::group_of(on), impl_->rng);
    impl_->own = detail::multiply(*impl_->generator, *impl_->ephemeral, impl_->rng).serialize_uncompressed();
    return impl_->own;
  });
}

expected<session_keys> agreement::agree(bytes_view their_ephemeral_point) {
  return detail::guarded(errc::untrusted, "card: PACE agreement", [&]() -> expected<session_keys> {
    const auto peer = detail::point_of(on, their_ephemeral_point);
    if (!peer) return fail(errc::untrusted, "card: PACE: the ephemeral point is not on the curve");
    if (std::ranges::equal(their_ephemeral_point, impl_->own))
      return fail(errc::untrusted, "card: PACE: our own point came back");
    const auto shared = detail::multiply_x(*peer, *impl_->ephemeral, impl_->rng);
    SMGW_TRY(auto encryption, derive(shared.reveal(), key_use::encryption));
    SMGW_TRY(auto mac, derive(shared.reveal(), key_use::mac));
    return session_keys{std::move(encryption), std::move(mac)};
  });
}

}  // namespace smgw::crypto::card::pace_parts
