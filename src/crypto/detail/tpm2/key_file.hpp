// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

/// \file
/// The file of wrapped keys: magic, length and blob of the file's own key (sealed by the TPM), then all keys with
/// their names, sealed with it (AES-256-GCM, what comes before is bound). So names and purposes cannot be exchanged.

#include "crypto/detail/tpm2/context.hpp"
#include "crypto/key_store.hpp"

#include <filesystem>
#include <map>

namespace smgw::crypto::tpm2 {

struct wrapped_key {
  key_info info;
  blob wrapped;
};
using wrapped_keys = std::map<std::string, wrapped_key, std::less<>>;

struct key_file {
  bytes header;  ///< everything before the sealed part
  secret key;    ///< opens it; no private key of ours
};
[[nodiscard]] expected<key_file> make_key_file(context& tpm);
/// conflict: there is no such file. untrusted: of another TPM, or altered.
[[nodiscard]] expected<key_file> open_key_file(context& tpm, const std::filesystem::path& path, wrapped_keys& keys);
[[nodiscard]] expected<void> save_key_file(const key_file& file, const std::filesystem::path& path,
                                           const wrapped_keys& keys);

}  // namespace smgw::crypto::tpm2
