// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "actors/platform/storage_key.hpp"

#include "actors/platform/files.hpp"
#include "base/check.hpp"
#include "base/octets.hpp"
#include "crypto/mac.hpp"

#include <algorithm>

namespace smgw::platform {

expected<std::shared_ptr<sealed_cells>> sealed_cells::create(const secret& master) {
  SMGW_TRY(const auto cell_key,
           crypto::hkdf_sha256(master.reveal(), {}, as_bytes("smgw store cells 1"), crypto::aead::key_size));
  SMGW_TRY(auto name_key, crypto::hkdf_sha256(master.reveal(), {}, as_bytes("smgw store names 1"), 32));
  SMGW_TRY(auto cells, crypto::aead::create(cell_key));
  return std::shared_ptr<sealed_cells>(new sealed_cells(std::move(cells), std::move(name_key)));
}

expected<store::hidden_name> sealed_cells::name_key(bytes_view name) {
  const auto full = crypto::hmac_sha256(names_.reveal(), name);
  store::hidden_name hidden;
  std::copy_n(full.begin(), hidden.size(), hidden.begin());
  return hidden;
}

expected<std::function<std::array<std::uint8_t, 32>(bytes_view)>> pseudonym_mac(const secret& master) {
  SMGW_TRY(auto derived, crypto::hkdf_sha256(master.reveal(), {}, as_bytes("smgw pseudonyms 1"), 32));
  const auto key = std::make_shared<const secret>(std::move(derived));
  return [key](bytes_view data) { return crypto::hmac_sha256(key->reveal(), data); };
}

expected<secret> storage_key(const std::filesystem::path& file, crypto::key_store& keys) {
  if (std::filesystem::exists(file)) {
    SMGW_TRY(const auto sealed, read_file(file, 4096));
    auto key = keys.unseal(sealed);
    if (!key)
      return fail(key.error().code,
                  file.string() + ": the storage key does not open with this key store: " + key.error().what);
    return key;
  }
  secret key(32);
  SMGW_CHECK(keys.random(key.writable()));
  SMGW_TRY(const auto sealed, keys.seal(key.reveal()));
  SMGW_CHECK(replace_file(file, sealed));
  return key;
}

}  // namespace smgw::platform
