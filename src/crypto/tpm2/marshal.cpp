// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "crypto/detail/tpm2/marshal.hpp"

#include "base/check.hpp"
#include "base/octets.hpp"
#include "crypto/detail/botan.hpp"

#include <tss2/tss2_mu.h>

#include <algorithm>

namespace smgw::crypto::tpm2 {
namespace {

/// Right-aligned into `out`: what the TPM gives has no leading zeros.
bool place(const TPM2B_ECC_PARAMETER& number, std::span<std::uint8_t> out) {
  if (number.size > out.size()) return false;
  std::copy_n(number.buffer, number.size, out.last(number.size).begin());
  return true;
}

constexpr std::size_t max_blob = 1024;

}  // namespace

std::optional<TPM2_ECC_CURVE> curve_id(curve on) noexcept {
  switch (on) {
    case curve::secp256r1: return TPM2_ECC_NIST_P256;
    case curve::secp384r1: return TPM2_ECC_NIST_P384;
    default: return std::nullopt;
  }
}

TPM2B_PUBLIC ecc_template(curve on, TPMA_OBJECT extra) {
  TPM2B_PUBLIC wanted{};
  auto& area = wanted.publicArea;
  area.type = TPM2_ALG_ECC;
  area.nameAlg = TPM2_ALG_SHA256;
  area.objectAttributes = TPMA_OBJECT_FIXEDTPM | TPMA_OBJECT_FIXEDPARENT | TPMA_OBJECT_SENSITIVEDATAORIGIN |
                          TPMA_OBJECT_USERWITHAUTH | TPMA_OBJECT_NODA | extra;
  auto& ecc = area.parameters.eccDetail;
  ecc.symmetric.algorithm = TPM2_ALG_NULL;
  ecc.scheme.scheme = TPM2_ALG_NULL;
  ecc.kdf.scheme = TPM2_ALG_NULL;
  ecc.curveID = curve_id(on).value_or(TPM2_ECC_NONE);
  return wanted;
}

expected<bytes> from_tpm(const TPMS_ECC_POINT& p, curve on) {
  const auto size = field_size(on);
  bytes point(point_size(on));
  point[0] = 0x04;
  if (!place(p.x, std::span(point).subspan(1, size)) || !place(p.y, std::span(point).subspan(1 + size, size)) ||
      !detail::point_of(on, point))
    return fail(errc::internal, "TPM: a public key is not a point of " + std::string(to_string(on)));
  return point;
}

TPM2B_ECC_POINT to_tpm(bytes_view point, curve on) {
  const auto size = field_size(on);
  TPM2B_ECC_POINT out{};
  out.point.x.size = out.point.y.size = static_cast<UINT16>(size);
  std::ranges::copy(point.subspan(1, size), out.point.x.buffer);
  std::ranges::copy(point.subspan(1 + size, size), out.point.y.buffer);
  return out;
}

expected<blob> to_blob(const TPM2B_PUBLIC& public_half, const TPM2B_PRIVATE& private_half) {
  blob b{bytes(sizeof public_half), bytes(sizeof private_half)};
  std::size_t public_size = 0, private_size = 0;
  if (Tss2_MU_TPM2B_PUBLIC_Marshal(&public_half, b.public_area.data(), b.public_area.size(), &public_size) !=
          TSS2_RC_SUCCESS ||
      Tss2_MU_TPM2B_PRIVATE_Marshal(&private_half, b.private_area.data(), b.private_area.size(), &private_size) !=
          TSS2_RC_SUCCESS)
    return fail(errc::internal, "TPM: an object cannot be written down");
  b.public_area.resize(public_size);
  b.private_area.resize(private_size);
  return b;
}

expected<halves> from_blob(const blob& b) {
  halves h;
  std::size_t public_size = 0, private_size = 0;
  if (Tss2_MU_TPM2B_PUBLIC_Unmarshal(b.public_area.data(), b.public_area.size(), &public_size, &h.public_half) !=
          TSS2_RC_SUCCESS ||
      Tss2_MU_TPM2B_PRIVATE_Unmarshal(b.private_area.data(), b.private_area.size(), &private_size, &h.private_half) !=
          TSS2_RC_SUCCESS ||
      public_size != b.public_area.size() || private_size != b.private_area.size())
    return fail(errc::untrusted, "not an object of a TPM");
  return h;
}

bytes encode(const blob& b) {
  bytes out;
  put_be(out, static_cast<std::uint16_t>(b.public_area.size()));
  out.insert(out.end(), b.public_area.begin(), b.public_area.end());
  out.insert(out.end(), b.private_area.begin(), b.private_area.end());
  return out;
}

expected<blob> decode_blob(bytes_view in) {
  if (in.size() > max_blob) return fail(errc::malformed, "not an object of a TPM: too long");
  const auto size = take_be<std::uint16_t>(in);
  if (!size || *size > in.size()) return fail(errc::malformed, "not an object of a TPM: too short");
  const auto first = in.first(*size), rest = in.subspan(*size);
  return blob{{first.begin(), first.end()}, {rest.begin(), rest.end()}};
}

expected<bytes> point_of(const blob& b, curve on) {
  SMGW_TRY(const auto h, from_blob(b));
  const auto& area = h.public_half.publicArea;
  if (area.type != TPM2_ALG_ECC || area.parameters.eccDetail.curveID != curve_id(on))
    return fail(errc::untrusted, "TPM: not a key on " + std::string(to_string(on)));
  return from_tpm(area.unique.ecc, on);
}

}  // namespace smgw::crypto::tpm2
