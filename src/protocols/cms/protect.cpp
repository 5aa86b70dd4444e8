// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "protocols/cms/protect.hpp"

#include "base/check.hpp"
#include "protocols/cms/compressed_data.hpp"

namespace smgw::cms {

expected<bytes> protect(bytes_view content, const recipient& to, const signer& by, const protection& how,
                        const key_source& keys) {
  auto seal_how = how.seal;
  seal_how.type = how.compress ? content_type::compressed_data : content_type::data;
  bytes compressed;
  if (how.compress) {
    SMGW_TRY(compressed, compress(content, how.fill_to));
    content = compressed;
  }
  SMGW_TRY(const auto sealed, seal(content, to, seal_how, keys));
  return sign(sealed, content_type::auth_enveloped_data, by);
}

expected<unprotected> unprotect(bytes_view message, const find_signer& signers, const find_own_key& keys,
                                const verifying& verify_how, const opening& open_how) {
  SMGW_TRY(const auto outer, verify(message, signers, verify_how));
  if (outer.type != content_type::auth_enveloped_data) return fail(errc::denied, "message is not encrypted");
  SMGW_TRY(auto inner, open(outer.content, keys, open_how));
  unprotected result{.content = std::move(inner.content),
                     .compressed = inner.type == content_type::compressed_data,
                     .signer = bytes(outer.key_identifier.begin(), outer.key_identifier.end()),
                     .suite = inner.suite};
  if (result.compressed) {
    SMGW_TRY(result.content, decompress(result.content));
  }
  return result;
}

}  // namespace smgw::cms
