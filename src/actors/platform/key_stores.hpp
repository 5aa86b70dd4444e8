// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

#include "crypto/key_store.hpp"

#include <filesystem>
#include <functional>

namespace smgw::platform {

/// The key store that the gateway profile's line names: `soft:keys.sealed` with its passphrase in
/// `keys.sealed.passphrase` or in the service manager's credential `smgw-passphrase`; or an address of a TPM, a PKCS#11
/// token or a smart card (crypto/{tpm2,pkcs11,card}/key_store.hpp).
[[nodiscard]] expected<std::shared_ptr<crypto::key_store>> open_key_store(const std::string& line,
                                                                          const std::filesystem::path& data_directory);

}  // namespace smgw::platform
