// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "base/check.hpp"
#include "base/octets.hpp"
#include "crypto/detail/tpm2/context.hpp"
#include "crypto/detail/tpm2/marshal.hpp"

/// A counter in the TPM's non-volatile memory. It cannot be set back: an index of this type that is removed and made
/// again begins above the largest value that any counter of this TPM had (TPM 2.0 part 1, 37.2.4).
namespace smgw::crypto::tpm2 {
namespace {

constexpr auto none = ESYS_TR_NONE;
/// PROPOSED: in the range that TCG "Registry of Reserved TPM 2.0 Handles" leaves to the owner.
constexpr TPM2_HANDLE counter_index = 0x0180'5347;
constexpr UINT16 counter_size = sizeof(std::uint64_t);
constexpr TPMA_NV counter_type = TPM2_NT_COUNTER << TPMA_NV_TPM2_NT_SHIFT;
/// Without a password, as the keys; no protection against guessing, which would lock it after a fault.
constexpr TPMA_NV attributes = TPMA_NV_AUTHREAD | TPMA_NV_AUTHWRITE | TPMA_NV_NO_DA | counter_type;

}  // namespace

expected<ESYS_TR> context::find_counter() {
  ESYS_TR index = none;
  const auto answer = Esys_TR_FromTPMPublic(esys_, counter_index, none, none, none, &index);
  if (const auto code = answer & ~TSS2_RC_LAYER_MASK;
      (code & TPM2_RC_FMT1) != 0 && (code & (TPM2_RC_FMT1 | 0x3fU)) == TPM2_RC_HANDLE)
    return fail(errc::conflict, "TPM: the counter was never advanced");
  SMGW_CHECK(done(answer, "counter"));
  TPM2B_NV_PUBLIC* about = nullptr;
  const auto read = done(Esys_NV_ReadPublic(esys_, index, none, none, none, &about, nullptr), "NV_ReadPublic");
  const owned<TPM2B_NV_PUBLIC> held(about);
  SMGW_CHECK(read);
  const auto& it = about->nvPublic;
  if ((it.attributes & TPMA_NV_TPM2_NT_MASK) != counter_type || it.dataSize != counter_size)
    return fail(errc::untrusted, "TPM: the counter was replaced by an index that can be set back");
  return index;
}

expected<ESYS_TR> context::make_counter() {
  TPM2B_NV_PUBLIC wanted{};
  wanted.nvPublic.nvIndex = counter_index;
  wanted.nvPublic.nameAlg = TPM2_ALG_SHA256;
  wanted.nvPublic.attributes = attributes;
  wanted.nvPublic.dataSize = counter_size;
  const TPM2B_AUTH no_password{};
  ESYS_TR index = none;
  SMGW_CHECK(
      done(Esys_NV_DefineSpace(esys_, ESYS_TR_RH_OWNER, ESYS_TR_PASSWORD, none, none, &no_password, &wanted, &index),
           "NV_DefineSpace (counter)"));
  return index;
}

expected<std::uint64_t> context::read_counter(ESYS_TR index) {
  TPM2B_MAX_NV_BUFFER* content = nullptr;
  const auto answer = Esys_NV_Read(esys_, index, index, session_, none, none, counter_size, 0, &content);
  if ((answer & ~TSS2_RC_LAYER_MASK) == TPM2_RC_NV_UNINITIALIZED) {
    SMGW_CHECK(done(TSS2_RC_SUCCESS, "NV_Read"));
    return fail(errc::conflict, "TPM: the counter was never advanced");
  }
  SMGW_CHECK(done(answer, "NV_Read (counter)"));
  const owned<TPM2B_MAX_NV_BUFFER> held(content);
  if (content->size != counter_size) return fail(errc::internal, "TPM: a counter of another length");
  return load_be<std::uint64_t>(content->buffer);
}

expected<std::uint64_t> context::counter() {
  SMGW_TRY(const auto index, find_counter());
  return read_counter(index);
}

expected<std::uint64_t> context::advance_counter() {
  auto index = find_counter();
  if (!index && index.error().code == errc::conflict) index = make_counter();
  SMGW_CHECK(index);
  SMGW_CHECK(done(Esys_NV_Increment(esys_, *index, *index, session_, none, none), "NV_Increment (counter)"));
  return read_counter(*index);
}

}  // namespace smgw::crypto::tpm2
