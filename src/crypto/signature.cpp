// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "crypto/signature.hpp"

#include "crypto/detail/botan.hpp"

#include <botan/ber_dec.h>
#include <botan/bigint.h>
#include <botan/der_enc.h>
#include <botan/ecdsa.h>
#include <botan/pubkey.h>

namespace smgw::crypto {

expected<void> check_point(curve on, bytes_view point) {
  return detail::guarded(errc::malformed, "point", [&]() -> expected<void> {
    if (!detail::point_of(on, point)) return fail(errc::malformed, "not an uncompressed point of the curve");
    return {};
  });
}

expected<void> verify_signature(curve on, bytes_view public_point, bytes_view digest, bytes_view raw) {
  if (raw.size() != 2 * field_size(on)) return fail(errc::malformed, "signature: wrong length");
  return detail::guarded(errc::malformed, "signature", [&]() -> expected<void> {
    const auto point = detail::point_of(on, public_point);
    if (!point) return fail(errc::malformed, "signature: not a public point of the curve");
    const Botan::ECDSA_PublicKey key{detail::group_of(on), *point};
    Botan::PK_Verifier verifier{key, "Raw", Botan::Signature_Format::Standard};
    if (!verifier.verify_message(digest, raw)) return fail(errc::untrusted, "signature does not verify");
    return {};
  });
}

expected<bytes> signature_to_der(curve on, bytes_view raw) {
  const auto half = field_size(on);
  if (raw.size() != 2 * half) return fail(errc::malformed, "signature: wrong length");
  return detail::guarded(errc::internal, "signature", [&]() -> expected<bytes> {
    bytes out;
    Botan::DER_Encoder{out}
        .start_sequence()
        .encode(Botan::BigInt::from_bytes(raw.first(half)))
        .encode(Botan::BigInt::from_bytes(raw.subspan(half)))
        .end_cons();
    return out;
  });
}

expected<bytes> signature_from_der(curve on, bytes_view der) {
  const auto half = field_size(on);
  if (der.size() > 2 * half + 16) return fail(errc::malformed, "signature: too long");
  return detail::guarded(errc::malformed, "signature", [&]() -> expected<bytes> {
    Botan::BigInt r, s;
    Botan::BER_Decoder{der}.start_sequence().decode(r).decode(s).end_cons().verify_end();
    const auto in_range = [&](const Botan::BigInt& v) { return v > 0 && v.bytes() <= half; };
    if (!in_range(r) || !in_range(s)) return fail(errc::malformed, "signature: r or s out of range");
    bytes raw(2 * half);
    r.serialize_to(std::span{raw}.first(half));
    s.serialize_to(std::span{raw}.subspan(half));
    // One value, one encoding: BER's other forms do not pass.
    const auto again = signature_to_der(on, raw);
    if (!again || !std::ranges::equal(*again, der)) return fail(errc::malformed, "signature: not DER");
    return raw;
  });
}

}  // namespace smgw::crypto
