// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "protocols/cms/primitives.hpp"

#include <botan/ec_apoint.h>
#include <botan/ec_group.h>
#include <botan/ecdsa.h>
#include <botan/pubkey.h>

namespace smgw::cms {
namespace {

Botan::EC_Group group(curve c) {
  switch (c) {
    case curve::brainpool_p256r1: return Botan::EC_Group::from_name("brainpool256r1");
    case curve::brainpool_p384r1: return Botan::EC_Group::from_name("brainpool384r1");
    case curve::brainpool_p512r1: return Botan::EC_Group::from_name("brainpool512r1");
    case curve::secp256r1: return Botan::EC_Group::from_name("secp256r1");
    case curve::secp384r1: break;
  }
  return Botan::EC_Group::from_name("secp384r1");
}

std::optional<Botan::EC_AffinePoint> decode(curve c, bytes_view point) {
  if (point.size() != 1 + 2 * field_octets(c) || point[0] != 0x04) return std::nullopt;
  return Botan::EC_AffinePoint::deserialize(group(c), point);
}

const char* hash_name(digest d) {
  switch (d) {
    case digest::sha256: return "SHA-256";
    case digest::sha384: return "SHA-384";
    case digest::sha512: break;
  }
  return "SHA-512";
}

}  // namespace

std::size_t field_octets(curve c) noexcept {
  switch (c) {
    case curve::brainpool_p256r1:
    case curve::secp256r1: return 32;
    case curve::brainpool_p384r1:
    case curve::secp384r1: return 48;
    case curve::brainpool_p512r1: return 64;
  }
  return 0;
}

expected<void> check_point(curve c, bytes_view point) {
  try {
    if (decode(c, point)) return {};
  } catch (const std::exception&) {
    // Botan refuses some encodings by exception, others by an empty answer.
  }
  return fail(errc::untrusted, "point is not on the curve");
}

expected<void> verify_signature(const public_key& key, digest d, bytes_view data, bytes_view plain) {
  try {
    const auto point = decode(key.group, key.point);
    if (!point) return fail(errc::untrusted, "configured key is not on the curve");
    const Botan::ECDSA_PublicKey ecdsa{group(key.group), *point};
    Botan::PK_Verifier verifier{ecdsa, hash_name(d)};
    verifier.update(data);
    if (verifier.check_signature(plain)) return {};
    return fail(errc::untrusted, "signature");
  } catch (const std::exception&) {
    return fail(errc::untrusted, "signature");
  }
}

}  // namespace smgw::cms
