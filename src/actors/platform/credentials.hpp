// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

#include "actors/configuration.hpp"
#include "actors/foundation/key_token.hpp"
#include "actors/platform/own_certificates.hpp"
#include "crypto/tls.hpp"
#include "domain/lifecycle/expiry.hpp"
#include "domain/profile/profile_set.hpp"

namespace smgw::platform {

/// What the profiles name, as values.
struct credentials {
  crypto::tls_identity identity;
  own_key signature;
  std::vector<own_key> encryption;  ///< in force, then those before
  std::map<std::string, reader> readers;
  std::map<std::string, crypto::certificate> signers;
  std::map<std::string, crypto::tls_peer_rule> peers;
  std::optional<crypto::tls_identity> lmn;              ///< only with a wired bus
  std::map<std::string, crypto::tls_peer_rule> meters;  ///< by device id
};

/// The certificates that the profiles name, and the gateway's own in force; the one for the LMN is made where it is
/// missing. unavailable, malformed: the text names the
/// profile and the file.
[[nodiscard]] expected<credentials> load_credentials(const configuration& told, const profile::profile_set& profiles,
                                                     const std::shared_ptr<crypto::key_store>& keys, timestamp now);

/// When each of them ends.
[[nodiscard]] std::vector<lifecycle::certificate_end> ends_of(const credentials& c);

/// The TLS certificate and key of one generation.
[[nodiscard]] expected<crypto::tls_identity> own_identity(const std::shared_ptr<crypto::key_store>& keys,
                                                          const own_certificates& own, unsigned generation);

/// TLS towards one meter (DS 8.4; H.40): its certificate is pinned, records fit HDLC frames.
[[nodiscard]] expected<crypto::tls_config> meter_client(const profile::meter& m, const credentials& c,
                                                        std::shared_ptr<crypto::tls_session_cache> cache);

}  // namespace smgw::platform
