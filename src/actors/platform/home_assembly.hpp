// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

/// \file
/// From profiles and files to what the home network needs.

#include "actors/han/network.hpp"
#include "actors/root.hpp"

#include <filesystem>

namespace smgw::platform {

/// Label of the key of the gateway's own HAN certificate.
inline constexpr std::string_view han_label = "gw_han_tls";

/// Reads certificates and, from `folder`, password files of the HAN profiles, and the gateway's HAN certificate
/// (`certificates/han.pem` in the data directory); makes a self-signed one where there is none
/// (REQ.ZertifikateHAN.Allgemein.10), as gateways in the field have it. `wan` is the gateway's identity towards market
/// participants.
[[nodiscard]] expected<home_network_parts> load_home_network(const smgw::configuration& told,
                                                             const std::filesystem::path& folder,
                                                             const profile::profile_set& profiles,
                                                             const std::shared_ptr<crypto::key_store>& keys,
                                                             const crypto::tls_identity& wan, timestamp now);

}  // namespace smgw::platform
