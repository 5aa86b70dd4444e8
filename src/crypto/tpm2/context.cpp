// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "crypto/detail/tpm2/context.hpp"

#include "base/check.hpp"
#include "base/hex.hpp"
#include "crypto/detail/botan.hpp"
#include "crypto/detail/tpm2/marshal.hpp"

#include <tss2/tss2_mu.h>
#include <tss2/tss2_rc.h>
#include <tss2/tss2_tcti_device.h>
#include <tss2/tss2_tcti_swtpm.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <format>

namespace smgw::crypto::tpm2 {
namespace {

/// TCG "TPM v2.0 Provisioning Guidance", 7.8: where the storage root key lives.
constexpr TPM2_HANDLE root_handle = 0x81000001;
constexpr auto none = ESYS_TR_NONE;
constexpr TPMA_SESSION session_attributes = TPMA_SESSION_CONTINUESESSION | TPMA_SESSION_DECRYPT | TPMA_SESSION_ENCRYPT;

TPMT_SYM_DEF parameter_encryption() {
  TPMT_SYM_DEF with{};
  with.algorithm = TPM2_ALG_AES;
  with.keyBits.aes = 128;
  with.mode.aes = TPM2_ALG_CFB;
  return with;
}

/// Both are linked: the library's own loader searches the disk for each, and loses memory when nobody answers.
expected<TSS2_TCTI_INIT_FUNC> transport_for(std::string_view tcti) {
  if (tcti.starts_with("device:")) return &Tss2_Tcti_Device_Init;
  if (tcti.starts_with("swtpm:")) return &Tss2_Tcti_Swtpm_Init;
  return fail(errc::malformed, "TPM: tcti=" + std::string(tcti) + ": write device:/dev/tpmrm0 or swtpm:path=SOCKET");
}

}  // namespace

error fault(TSS2_RC answer, std::string_view command) {
  const auto text = std::format("TPM: {}: {}", command, Tss2_RC_Decode(answer));
  const auto layer = answer & TSS2_RC_LAYER_MASK;
  if (layer == TSS2_TCTI_RC_LAYER) return {errc::unavailable, text};
  if (layer != TSS2_TPM_RC_LAYER && layer != TSS2_RESMGR_TPM_RC_LAYER && layer != TSS2_RESMGR_RC_LAYER)
    return {errc::internal, text};
  const auto code = answer & ~TSS2_RC_LAYER_MASK;
  // Format one: the low bits name the fault, the others the parameter that has it (TPM 2.0 part 2, 6.6).
  const auto kind = (code & TPM2_RC_FMT1) != 0 ? code & (TPM2_RC_FMT1 | 0x3fU) : code;
  switch (kind) {
    case TPM2_RC_OBJECT_MEMORY:
    case TPM2_RC_SESSION_MEMORY:
    case TPM2_RC_MEMORY:
    case TPM2_RC_OBJECT_HANDLES:
    case TPM2_RC_NV_SPACE: return {errc::exhausted, text};
    case TPM2_RC_CURVE:
    case TPM2_RC_COMMAND_CODE: return {errc::unsupported, text};
    case TPM2_RC_INTEGRITY: return {errc::untrusted, text};
    case TPM2_RC_POLICY_FAIL:
    case TPM2_RC_PCR_CHANGED:
    case TPM2_RC_LOCKOUT:
    case TPM2_RC_AUTH_FAIL:
    case TPM2_RC_BAD_AUTH: return {errc::denied, text};
    case TPM2_RC_INITIALIZE:  // it lost its power and found it again, without us noticing
    case TPM2_RC_RETRY:
    case TPM2_RC_YIELDED:
    case TPM2_RC_TESTING:
    case TPM2_RC_NV_RATE:
    case TPM2_RC_NV_UNAVAILABLE: return {errc::unavailable, text};
    default: return {errc::internal, text};
  }
}

expected<std::unique_ptr<context>> context::open(const std::string& tcti) {
  std::unique_ptr<context> made(new context);
  SMGW_CHECK(made->connect(tcti));
  SMGW_CHECK(made->find_root());
  const auto with = parameter_encryption();
  const auto answer = Esys_StartAuthSession(made->esys_, made->root_, none, none, none, none, nullptr, TPM2_SE_HMAC,
                                            &with, TPM2_ALG_SHA256, &made->session_);
  SMGW_CHECK(made->done(answer, "StartAuthSession"));
  return made;
}

expected<void> context::connect(const std::string& tcti) {
  // The library would write every refused command to standard error; its answers come back to us anyway.
  ::setenv("TSS2_LOG", "all+none", 0);  // NOLINT(concurrency-mt-unsafe)
  SMGW_TRY(const auto initialise, transport_for(tcti));
  const auto where = tcti.substr(tcti.find(':') + 1);
  std::size_t size = 0;
  SMGW_CHECK(done(initialise(nullptr, &size, nullptr), "size of the connection"));
  transport_memory_.resize(size / sizeof(std::max_align_t) + 1);
  auto* transport = reinterpret_cast<TSS2_TCTI_CONTEXT*>(transport_memory_.data());
  if (const auto answer = initialise(transport, &size, where.c_str()); answer != TSS2_RC_SUCCESS)
    return fail(errc::unavailable, std::format("TPM: no connection by '{}': {}", tcti, Tss2_RC_Decode(answer)));
  transport_ = transport;
  if (const auto answer = Esys_Initialize(&esys_, transport_, nullptr); answer != TSS2_RC_SUCCESS)
    return std::unexpected(fault(answer, "Esys_Initialize"));
  const auto answer = Esys_Startup(esys_, TPM2_SU_CLEAR);
  if (answer != TSS2_RC_SUCCESS && answer != TPM2_RC_INITIALIZE) return std::unexpected(fault(answer, "Startup"));
  return {};
}

context::~context() {
  if (session_ != none) Esys_FlushContext(esys_, session_);
  if (esys_ != nullptr) Esys_Finalize(&esys_);
  // What the library's macro Tss2_Tcti_Finalize does.
  if (transport_ != nullptr) reinterpret_cast<TSS2_TCTI_CONTEXT_COMMON_V1*>(transport_)->finalize(transport_);
}

expected<void> context::done(TSS2_RC answer, std::string_view command) {
  if (session_ != none) Esys_TRSess_SetAttributes(esys_, session_, session_attributes, 0xff);
  if (answer == TSS2_RC_SUCCESS) return {};
  return std::unexpected(fault(answer, command));
}

/// The root key is made once and kept: without a resource manager a TPM has as few as three slots for others.
expected<void> context::find_root() {
  if (Esys_TR_FromTPMPublic(esys_, root_handle, none, none, none, &root_) != TSS2_RC_SUCCESS) {
    SMGW_TRY(const auto made, create_root());
    const auto answer =
        Esys_EvictControl(esys_, ESYS_TR_RH_OWNER, made, ESYS_TR_PASSWORD, none, none, root_handle, &root_);
    flush(made);
    SMGW_CHECK(done(answer, "EvictControl (storage root key)"));
  }
  TPM2B_NAME* name = nullptr;
  SMGW_CHECK(done(Esys_TR_GetName(esys_, root_, &name), "name of the storage root key"));
  const owned<TPM2B_NAME> held(name);
  constexpr std::size_t algorithm = 2, shown = 8;  // octets
  if (name->size < algorithm + shown) return fail(errc::internal, "TPM: the storage root key has no name");
  serial_ = to_hex(bytes_view{name->name + algorithm, shown});
  return {};
}

expected<ESYS_TR> context::create_root() {
  // The template of TCG "EK Credential Profile" annex B.3.4 in its storage form: ECC P-256, AES-128-CFB.
  auto wanted = ecc_template(curve::secp256r1, TPMA_OBJECT_RESTRICTED | TPMA_OBJECT_DECRYPT);
  auto& symmetric = wanted.publicArea.parameters.eccDetail.symmetric;
  symmetric.algorithm = TPM2_ALG_AES;
  symmetric.keyBits.aes = 128;
  symmetric.mode.aes = TPM2_ALG_CFB;
  const TPM2B_SENSITIVE_CREATE no_secret{};
  const TPM2B_DATA no_data{};
  const TPML_PCR_SELECTION no_pcrs{};
  ESYS_TR made = none;
  SMGW_CHECK(done(Esys_CreatePrimary(esys_, ESYS_TR_RH_OWNER, ESYS_TR_PASSWORD, none, none, &no_secret, &wanted,
                                     &no_data, &no_pcrs, &made, nullptr, nullptr, nullptr, nullptr),
                  "CreatePrimary (storage root key)"));
  return made;
}

expected<std::vector<curve>> context::curves() {
  TPMS_CAPABILITY_DATA* found = nullptr;
  TPMI_YES_NO more = TPM2_NO;
  SMGW_CHECK(
      done(Esys_GetCapability(esys_, none, none, none, TPM2_CAP_ECC_CURVES, 0, TPM2_MAX_ECC_CURVES, &more, &found),
           "GetCapability (curves)"));
  const owned<TPMS_CAPABILITY_DATA> held(found);
  const auto& list = found->data.eccCurves;
  const std::span theirs{list.eccCurves, std::min<std::size_t>(list.count, TPM2_MAX_ECC_CURVES)};
  std::vector<curve> both;
  for (const auto on : all_curves)
    if (const auto id = curve_id(on); id && std::ranges::find(theirs, *id) != theirs.end()) both.push_back(on);
  return both;
}

expected<std::size_t> context::transient_objects() {
  TPMS_CAPABILITY_DATA* found = nullptr;
  TPMI_YES_NO more = TPM2_NO;
  SMGW_CHECK(done(Esys_GetCapability(esys_, none, none, none, TPM2_CAP_HANDLES, TPM2_TRANSIENT_FIRST,
                                     TPM2_MAX_CAP_HANDLES, &more, &found),
                  "GetCapability (handles)"));
  const owned<TPMS_CAPABILITY_DATA> held(found);
  return std::size_t{found->data.handles.count};
}

expected<void> context::random(std::span<std::uint8_t> out) {
  while (!out.empty()) {
    constexpr std::size_t most = 32;  // every TPM gives as much as its largest digest
    TPM2B_DIGEST* some = nullptr;
    const auto wanted = static_cast<UINT16>(std::min(out.size(), most));
    SMGW_CHECK(done(Esys_GetRandom(esys_, session_, none, none, wanted, &some), "GetRandom"));
    const owned<TPM2B_DIGEST> held(some);
    const auto n = std::min<std::size_t>(some->size, out.size());
    if (n == 0) return fail(errc::internal, "TPM: GetRandom gives nothing");
    std::copy_n(some->buffer, n, out.begin());
    wipe({some->buffer, n});
    out = out.subspan(n);
  }
  return {};
}

void context::flush(ESYS_TR what) noexcept {
  if (what != none) Esys_FlushContext(esys_, what);
}

}  // namespace smgw::crypto::tpm2
