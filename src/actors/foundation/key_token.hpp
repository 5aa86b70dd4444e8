// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

#include "actors/interfaces/foundation.hpp"
#include "actors/world.hpp"
#include "crypto/certificate.hpp"
#include "crypto/key_store.hpp"
#include "domain/profile/wan.hpp"

namespace smgw {

/// Labels of the gateway's own keys and names of their certificate files (GW_WAN_TLS, GW_WAN_SIG, GW_WAN_ENC).
inline constexpr std::string_view tls_label = "gw_wan_tls";
inline constexpr std::string_view lmn_label = "gw_lmn_tls";
inline constexpr std::string_view signature_label = "gw_wan_sig";
inline constexpr std::string_view encryption_label = "gw_wan_enc";

struct key_token_parts {
  std::shared_ptr<crypto::key_store> keys;
  own_key signature;
  std::map<std::string, reader> readers;  ///< by id of the WAN profile
  device_id gateway;
  std::map<std::string, crypto::certificate> signers{};  ///< whose signatures count, by id of the WAN profile
  std::vector<own_key> encryption{};                     ///< newest first; none: nothing can be opened
  /// Renewal, where the certificates are kept; empty: this gateway's are not renewed from within.
  std::function<expected<certificate_requests>()> request{};
  std::function<expected<certificates_installed>(bytes_view)> install{};
  std::function<expected<std::string>(bool worked)> settle{};
};

struct key_token_state {
  std::int64_t protected_messages = 0, opened_messages = 0, signatures = 0, failures = 0;
  static inline const char* name = "key_token";
};

/// Works off one request after the other; a request that the module refuses is an error to its asker, not a crash.
[[nodiscard]] key_token_actor::behavior_type key_token(key_token_actor::stateful_pointer<key_token_state> self,
                                                       key_token_parts parts);

/// To how many octets a delivery of so many values is filled before encryption: its size follows from their number
/// alone, which is the profile's, and never from what was used (PP-0073 FPR_CON.1).
[[nodiscard]] std::size_t concealing_size(std::uint32_t values, bool compressed) noexcept;

/// Destroys all keys of a store; how many there were. An error: some are still there, and a second call goes on with
/// them.
[[nodiscard]] expected<std::size_t> destroy_all_keys(crypto::key_store& keys);

/// The logical name over which an entry's inner signature is made: `0100010800ff.1emh0010482201.sm`.
[[nodiscard]] std::string logical_name(const reading& r);

}  // namespace smgw
