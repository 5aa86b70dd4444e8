// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

#include "crypto/certificate.hpp"
#include "crypto/key_store.hpp"
#include "domain/profile/gateway.hpp"

namespace smgw::platform {

/// GW_LMN_TLS_CRT: `certificates/lmn.pem` in the data folder, with the key `gw_lmn_tls`. A gateway that has none makes
/// both: self-signed, CN = `<id>.sm`, seven years (detail specification 3; TR-03116-3 table 17).
/// untrusted: the certificate is not that of the key; errors of the store and of the disk.
[[nodiscard]] expected<std::vector<crypto::certificate>> own_lmn_chain(const profile::gateway& self,
                                                                       crypto::key_store& keys, timestamp now);

}  // namespace smgw::platform
