// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "base/check.hpp"
#include "crypto/detail/tpm2/context.hpp"
#include "crypto/detail/tpm2/marshal.hpp"

#include <tss2/tss2_mu.h>

#include <algorithm>

/// Commands on keys and sealed data; the connection is in context.cpp.
namespace smgw::crypto::tpm2 {
namespace {

constexpr auto none = ESYS_TR_NONE;
const TPM2B_SENSITIVE_CREATE no_secret{};
const TPM2B_DATA no_data{};
const TPML_PCR_SELECTION no_pcrs{};

std::unexpected<error> no_such_curve(curve on) {
  return fail(errc::unsupported, "TPM: has no " + std::string(to_string(on)) + "; use secp256r1 or secp384r1");
}
TPMI_ALG_HASH hash_of(std::size_t digest_size) {
  return digest_size == 32 ? TPM2_ALG_SHA256 : digest_size == 48 ? TPM2_ALG_SHA384 : TPM2_ALG_SHA512;
}

}  // namespace

expected<blob> context::create_key(curve on, key_use use) {
  if (!curve_id(on)) return no_such_curve(on);
  const auto wanted =
      ecc_template(on, (use.signs ? TPMA_OBJECT_SIGN_ENCRYPT : 0) | (use.agrees ? TPMA_OBJECT_DECRYPT : 0));
  TPM2B_PRIVATE* private_half = nullptr;
  TPM2B_PUBLIC* public_half = nullptr;
  SMGW_CHECK(done(Esys_Create(esys_, root_, session_, none, none, &no_secret, &wanted, &no_data, &no_pcrs,
                              &private_half, &public_half, nullptr, nullptr, nullptr),
                  "Create"));
  const owned<TPM2B_PRIVATE> held_private(private_half);
  const owned<TPM2B_PUBLIC> held_public(public_half);
  return to_blob(*public_half, *private_half);
}

expected<transient> context::create_ephemeral(curve on) {
  if (!curve_id(on)) return no_such_curve(on);
  const auto wanted = ecc_template(on, TPMA_OBJECT_DECRYPT);
  TPM2B_TEMPLATE form{};
  std::size_t size = 0;
  if (Tss2_MU_TPMT_PUBLIC_Marshal(&wanted.publicArea, form.buffer, sizeof form.buffer, &size) != TSS2_RC_SUCCESS)
    return fail(errc::internal, "TPM: a template cannot be written down");
  form.size = static_cast<UINT16>(size);
  ESYS_TR made = none;
  TPM2B_PRIVATE* private_half = nullptr;
  TPM2B_PUBLIC* public_half = nullptr;
  SMGW_CHECK(
      done(Esys_CreateLoaded(esys_, root_, session_, none, none, &no_secret, &form, &made, &private_half, &public_half),
           "CreateLoaded"));
  const owned<TPM2B_PRIVATE> held_private(private_half);
  const owned<TPM2B_PUBLIC> held_public(public_half);
  auto point = from_tpm(public_half->publicArea.unique.ecc, on);
  if (!point) {
    flush(made);
    return std::unexpected(point.error());
  }
  return transient{made, std::move(*point)};
}

expected<ESYS_TR> context::load(const blob& b) {
  SMGW_TRY(const auto h, from_blob(b));
  ESYS_TR loaded = none;
  SMGW_CHECK(done(Esys_Load(esys_, root_, session_, none, none, &h.private_half, &h.public_half, &loaded), "Load"));
  return loaded;
}

expected<bytes> context::sign(ESYS_TR key, curve on, bytes_view digest) {
  TPM2B_DIGEST hashed{};
  if (digest.size() > sizeof hashed.buffer) return fail(errc::malformed, "not a SHA-2 digest");
  hashed.size = static_cast<UINT16>(digest.size());
  std::ranges::copy(digest, hashed.buffer);
  TPMT_SIG_SCHEME scheme{};
  scheme.scheme = TPM2_ALG_ECDSA;
  scheme.details.ecdsa.hashAlg = hash_of(digest.size());
  TPMT_TK_HASHCHECK not_hashed_there{};
  not_hashed_there.tag = TPM2_ST_HASHCHECK;
  not_hashed_there.hierarchy = TPM2_RH_NULL;
  TPMT_SIGNATURE* made = nullptr;
  SMGW_CHECK(done(Esys_Sign(esys_, key, session_, none, none, &hashed, &scheme, &not_hashed_there, &made), "Sign"));
  const owned<TPMT_SIGNATURE> held(made);
  const auto size = field_size(on);
  const auto& [algorithm, r, s] = made->signature.ecdsa;
  if (r.size > size || s.size > size) return fail(errc::internal, "TPM: signature of another length");
  bytes raw(2 * size);
  std::copy_n(r.buffer, r.size, raw.begin() + static_cast<std::ptrdiff_t>(size - r.size));
  std::copy_n(s.buffer, s.size, raw.begin() + static_cast<std::ptrdiff_t>(2 * size - s.size));
  return raw;
}

expected<secret> context::agree(ESYS_TR key, curve on, bytes_view peer_point) {
  const auto peer = to_tpm(peer_point, on);
  TPM2B_ECC_POINT* shared = nullptr;
  SMGW_CHECK(done(Esys_ECDH_ZGen(esys_, key, session_, none, none, &peer, &shared), "ECDH_ZGen"));
  const owned<TPM2B_ECC_POINT> held(shared);
  auto& x = shared->point.x;
  const auto size = field_size(on);
  if (x.size > size) return fail(errc::internal, "TPM: shared point of another length");
  secret out(size);
  std::copy_n(x.buffer, x.size, out.writable().last(x.size).begin());
  wipe({x.buffer, x.size});
  wipe({shared->point.y.buffer, shared->point.y.size});
  return out;
}

expected<TPM2B_DIGEST> context::policy(const pcr_list& pcrs, TPM2_SE kind, ESYS_TR* keep) {
  TPMT_SYM_DEF plain{};
  plain.algorithm = TPM2_ALG_NULL;
  ESYS_TR made = none;
  SMGW_CHECK(
      done(Esys_StartAuthSession(esys_, none, none, none, none, none, nullptr, kind, &plain, TPM2_ALG_SHA256, &made),
           "StartAuthSession (policy)"));
  TPML_PCR_SELECTION chosen{};
  chosen.count = 1;
  chosen.pcrSelections[0].hash = TPM2_ALG_SHA256;
  chosen.pcrSelections[0].sizeofSelect = 3;
  for (const auto pcr : pcrs) chosen.pcrSelections[0].pcrSelect[pcr / 8] |= static_cast<BYTE>(1U << (pcr % 8));
  const TPM2B_DIGEST as_they_are{};
  auto bound = done(Esys_PolicyPCR(esys_, made, none, none, none, &as_they_are, &chosen), "PolicyPCR");
  TPM2B_DIGEST* digest = nullptr;
  if (bound) bound = done(Esys_PolicyGetDigest(esys_, made, none, none, none, &digest), "PolicyGetDigest");
  const owned<TPM2B_DIGEST> held(digest);
  if (!bound || keep == nullptr) flush(made);
  SMGW_CHECK(bound);
  if (keep != nullptr) *keep = made;
  return *digest;
}

expected<blob> context::seal(bytes_view data, const pcr_list& pcrs) {
  TPM2B_SENSITIVE_CREATE content{};
  if (data.size() > sizeof content.sensitive.data.buffer) return fail(errc::exhausted, "too much to seal");
  content.sensitive.data.size = static_cast<UINT16>(data.size());
  std::ranges::copy(data, content.sensitive.data.buffer);
  TPM2B_PUBLIC wanted{};
  wanted.publicArea.type = TPM2_ALG_KEYEDHASH;
  wanted.publicArea.nameAlg = TPM2_ALG_SHA256;
  wanted.publicArea.objectAttributes = TPMA_OBJECT_FIXEDTPM | TPMA_OBJECT_FIXEDPARENT | TPMA_OBJECT_NODA;
  wanted.publicArea.parameters.keyedHashDetail.scheme.scheme = TPM2_ALG_NULL;
  SMGW_TRY(wanted.publicArea.authPolicy, policy(pcrs, TPM2_SE_TRIAL, nullptr));
  TPM2B_PRIVATE* private_half = nullptr;
  TPM2B_PUBLIC* public_half = nullptr;
  const auto answer = Esys_Create(esys_, root_, session_, none, none, &content, &wanted, &no_data, &no_pcrs,
                                  &private_half, &public_half, nullptr, nullptr, nullptr);
  wipe({content.sensitive.data.buffer, data.size()});
  SMGW_CHECK(done(answer, "Create (sealed data)"));
  const owned<TPM2B_PRIVATE> held_private(private_half);
  const owned<TPM2B_PUBLIC> held_public(public_half);
  return to_blob(*public_half, *private_half);
}

expected<secret> context::unseal(const blob& b, const pcr_list& pcrs) {
  SMGW_TRY(const auto object, load(b));
  ESYS_TR met = none;
  const auto begun = policy(pcrs, TPM2_SE_POLICY, &met);
  TPM2B_SENSITIVE_DATA* content = nullptr;
  expected<void> opened;
  if (begun) opened = done(Esys_Unseal(esys_, object, met, session_, none, &content), "Unseal");
  const owned<TPM2B_SENSITIVE_DATA> held(content);
  flush(object);
  flush(met);
  SMGW_CHECK(begun);
  SMGW_CHECK(opened);
  secret out{bytes_view{content->buffer, content->size}};
  wipe({content->buffer, content->size});
  return out;
}

}  // namespace smgw::crypto::tpm2
