// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "base/check.hpp"
#include "crypto/soft_key_store.hpp"

#include <smgw/linux_ports.hpp>

namespace smgw::linux_ports {

expected<std::shared_ptr<ports::key_store>> soft_keys(const std::filesystem::path& file, const secret& passphrase) {
  SMGW_TRY(auto opened, crypto::soft_key_store::open(file, passphrase));
  return std::shared_ptr<ports::key_store>(std::move(opened));
}

}  // namespace smgw::linux_ports
