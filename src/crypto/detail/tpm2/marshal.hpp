// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

/// \file
/// Our values as the TPM's structures, and back.

#include "crypto/detail/tpm2/context.hpp"

#include <optional>

namespace smgw::crypto::tpm2 {

/// What the TPM library gives out is freed by it.
struct freed_by_esys {
  void operator()(void* p) const noexcept { Esys_Free(p); }
};
template <class T>
using owned = std::unique_ptr<T, freed_by_esys>;

/// Nothing for brainpool: TPM 2.0 part 4 has no number for it.
[[nodiscard]] std::optional<TPM2_ECC_CURVE> curve_id(curve on) noexcept;
/// A key that cannot leave, used without a password: who may talk to the TPM may use it, as with every module.
[[nodiscard]] TPM2B_PUBLIC ecc_template(curve on, TPMA_OBJECT extra);
/// `04 ‖ X ‖ Y`; the TPM leaves out leading zeros.
[[nodiscard]] expected<bytes> from_tpm(const TPMS_ECC_POINT& p, curve on);
/// The point must have been checked.
[[nodiscard]] TPM2B_ECC_POINT to_tpm(bytes_view point, curve on);
[[nodiscard]] expected<blob> to_blob(const TPM2B_PUBLIC& public_half, const TPM2B_PRIVATE& private_half);

struct halves {
  TPM2B_PUBLIC public_half{};
  TPM2B_PRIVATE private_half{};
};
/// untrusted: not what a TPM made.
[[nodiscard]] expected<halves> from_blob(const blob& b);

}  // namespace smgw::crypto::tpm2
