// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "protocols/cms/parties.hpp"

#include <botan/auto_rng.h>
#include <botan/ec_group.h>
#include <botan/ec_scalar.h>
#include <botan/ecdh.h>
#include <botan/ecdsa.h>
#include <botan/pkcs8.h>
#include <botan/pubkey.h>
#include <botan/x509cert.h>
#include <botan/x509self.h>

#include <algorithm>

namespace smgw::test {
namespace {

Botan::EC_Group group(cms::curve c) { return Botan::EC_Group::from_name(curve_name(c)); }

expected<secret> agree_with(const Botan::ECDH_PrivateKey& key, bytes_view peer) {
  static Botan::AutoSeeded_RNG rng;
  try {
    const Botan::PK_Key_Agreement agreement{key, rng, "Raw"};
    return secret{bytes_view{agreement.derive_key(0, peer).bits_of()}};
  } catch (const std::exception& e) {
    return fail(errc::untrusted, e.what());
  }
}

}  // namespace

const char* curve_name(cms::curve c) {
  switch (c) {
    case cms::curve::brainpool_p256r1: return "brainpool256r1";
    case cms::curve::brainpool_p384r1: return "brainpool384r1";
    case cms::curve::brainpool_p512r1: return "brainpool512r1";
    case cms::curve::secp256r1: return "secp256r1";
    case cms::curve::secp384r1: break;
  }
  return "secp384r1";
}

struct party::state {
  state(cms::curve c, std::uint8_t seed)
      : curve(c),
        scalar(bytes(cms::field_octets(c) - 1, seed)),
        agreement(group(c), Botan::EC_Scalar::from_bigint(group(c), Botan::BigInt::from_bytes(scalar))),
        signature(group(c), Botan::EC_Scalar::from_bigint(group(c), Botan::BigInt::from_bytes(scalar))) {}
  Botan::AutoSeeded_RNG rng;
  cms::curve curve;
  bytes scalar;
  Botan::ECDH_PrivateKey agreement;
  Botan::ECDSA_PrivateKey signature;
  std::optional<Botan::X509_Certificate> certificate;
};

party::party(cms::curve c, std::uint8_t seed) : state_(std::make_unique<state>(c, seed)), key_{c, {}} {
  key_.point = state_->agreement.public_value();
  const Botan::X509_Cert_Options options("party/DE/smgw/test");
  state_->certificate = Botan::X509::create_self_signed_cert(options, state_->signature, "SHA-256", state_->rng);
  ski_ = state_->certificate->subject_key_id();
}
party::~party() = default;

cms::recipient party::as_recipient() const { return {key_, ski_}; }

cms::signer party::as_signer(cms::digest d) const {
  cms::signer s{key_.group, d, ski_, {}, {}};
  s.sign = [this](bytes_view digest) -> expected<bytes> {
    Botan::PK_Signer signer{state_->signature, state_->rng, "Raw"};
    return signer.sign_message(digest, state_->rng);
  };
  return s;
}

cms::key_source party::source() const {
  cms::key_source keys;
  keys.random = [this](std::span<std::uint8_t> out) -> expected<void> {
    state_->rng.randomize(out);
    return {};
  };
  keys.make_ephemeral = [this](cms::curve c) -> expected<cms::ephemeral> {
    const auto pair = std::make_shared<Botan::ECDH_PrivateKey>(state_->rng, group(c));
    return cms::ephemeral{pair->public_value(), [pair](bytes_view peer) { return agree_with(*pair, peer); }};
  };
  return keys;
}

cms::find_signer party::finds_signer() const {
  return [this](bytes_view ski) -> expected<cms::known_signer> {
    if (!std::ranges::equal(ski, ski_)) return fail(errc::untrusted, "unknown signer");
    return cms::known_signer{key_, certificate_der()};
  };
}

cms::find_own_key party::finds_own_key() const {
  return [this](bytes_view ski) -> expected<cms::own_key> {
    if (!std::ranges::equal(ski, ski_)) return fail(errc::denied, "not our key");
    return cms::own_key{key_.group, [this](bytes_view peer) { return agree_with(state_->agreement, peer); }};
  };
}

std::string party::key_pem() const { return Botan::PKCS8::PEM_encode(state_->signature); }
std::string party::certificate_pem() const { return state_->certificate->PEM_encode(); }
bytes party::certificate_der() const { return state_->certificate->BER_encode(); }

bytes sample(std::size_t size) {
  bytes out(size);
  for (std::size_t i = 0; i < size; ++i)
    out[i] = static_cast<std::uint8_t>("0123456789abcdef<entry>"[(i * i / 7) % 23]);
  return out;
}

}  // namespace smgw::test
