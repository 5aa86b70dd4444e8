// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

/// \file
/// The whole way in one call: compress, encrypt and authenticate, sign; and back (detail specification 5.1, 5.3).

#include "protocols/cms/enveloped_data.hpp"
#include "protocols/cms/signed_data.hpp"

namespace smgw::cms {

/// How to protect a message for the WAN.
struct protection {
  bool compress = true;     ///< suite CMS_ZLIB
  std::size_t fill_to = 0;  ///< what is compressed grows to a multiple of this size, so that it tells nothing; 0: no
  sealing seal{};           ///< its `type` follows from `compress`
};

/// What a protected message was.
struct unprotected {
  bytes content;
  bool compressed = false;
  bytes signer;  ///< subject key identifier of the key that verified
  encryption_suite suite{};
};

/// ContentInfo(SignedData(AuthEnvelopedData([CompressedData(]content[)]))).
[[nodiscard]] expected<bytes> protect(bytes_view content, const recipient& to, const signer& by, const protection& how,
                                      const key_source& keys);

/// Verifies, opens and inflates. Nothing is decrypted before the signature is verified.
[[nodiscard]] expected<unprotected> unprotect(bytes_view message, const find_signer& signers, const find_own_key& keys,
                                              const verifying& verify_how = {}, const opening& open_how = {});

}  // namespace smgw::cms
