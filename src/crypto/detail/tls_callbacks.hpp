// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

/// \file
/// The session's side of the library: what it emits, whom it believes, which keys it uses.

#include "crypto/detail/tls_cache.hpp"
#include "crypto/detail/tls_keys.hpp"
#include "crypto/detail/tls_policy.hpp"

#include <botan/dl_group.h>
#include <botan/tls_callbacks.h>

namespace smgw::crypto::detail {

/// What happened during one call into the library.
struct tls_events {
  bytes transmit, plaintext;
  bool activated = false;
  bool peer_closed = false;
  std::optional<std::string> fatal_alert;  ///< from the peer
  std::optional<error> refused;            ///< our reason, when we refused the peer
};

/// Checks a peer's chain against a rule; also used again when a session is resumed, because the library does not.
[[nodiscard]] expected<void> check_peer(const tls_peer_rule& rule, std::span<const certificate> chain,
                                        certificate_use use, timestamp now);

class tls_callbacks final : public Botan::TLS::Callbacks {
 public:
  tls_callbacks(const tls_config& config, std::shared_ptr<tr03116_policy> policy, std::shared_ptr<key_store> keys,
                std::shared_ptr<key_store_fault> fault, const timestamp& now, std::shared_ptr<tls_lineage>& lineage)
      : config_(config),
        policy_(std::move(policy)),
        keys_(std::move(keys), std::move(fault)),
        now_(now),
        lineage_(lineage) {}

  tls_events events;
  std::optional<tls_summary> summary;
  std::shared_ptr<tls_session_manager> manager;  ///< none without a cache
  void drop_ephemerals() { keys_.clear(); }

  void tls_emit_data(std::span<const std::uint8_t> data) override;
  void tls_record_received(std::uint64_t sequence, std::span<const std::uint8_t> data) override;
  void tls_alert(Botan::TLS::Alert alert) override;
  void tls_session_established(const Botan::TLS::Session_Summary& session) override;
  void tls_session_activated() override { events.activated = true; }
  bool tls_should_persist_resumption_information(const Botan::TLS::Session& session) override;
  void tls_verify_cert_chain(const std::vector<Botan::X509_Certificate>& chain,
                             const std::vector<std::optional<Botan::OCSP::Response>>& ocsp,
                             const std::vector<Botan::Certificate_Store*>& roots, Botan::Usage_Type usage,
                             std::string_view hostname, const Botan::TLS::Policy& policy) override;
  bool tls_verify_message(const Botan::Public_Key& key, std::string_view padding, Botan::Signature_Format format,
                          const std::vector<std::uint8_t>& message,
                          const std::vector<std::uint8_t>& signature) override;
  std::unique_ptr<Botan::PK_Key_Agreement_Key> tls_generate_ephemeral_key(
      const std::variant<Botan::TLS::Group_Params, Botan::DL_Group>& group, Botan::RandomNumberGenerator& rng) override;
  Botan::secure_vector<std::uint8_t> tls_ephemeral_key_agreement(
      const std::variant<Botan::TLS::Group_Params, Botan::DL_Group>& group, const Botan::PK_Key_Agreement_Key& mine,
      const std::vector<std::uint8_t>& peer, Botan::RandomNumberGenerator& rng,
      const Botan::TLS::Policy& policy) override;
  void tls_inspect_handshake_msg(const Botan::TLS::Handshake_Message& message) override;
  std::string tls_server_choose_app_protocol(const std::vector<std::string>& client_protocols) override;
  void tls_modify_extensions(Botan::TLS::Extensions& extensions, Botan::TLS::Connection_Side side,
                             Botan::TLS::Handshake_Type message) override;
  void tls_examine_extensions(const Botan::TLS::Extensions& extensions, Botan::TLS::Connection_Side side,
                              Botan::TLS::Handshake_Type message) override;
  std::chrono::system_clock::time_point tls_current_timestamp() override { return now_; }

 private:
  [[noreturn]] void refuse(Botan::TLS::AlertType alert, error why);
  [[nodiscard]] expected<std::vector<certificate>> convert(const std::vector<Botan::X509_Certificate>& chain) const;
  void check(std::span<const certificate> chain);
  void expect_request(Botan::TLS::Handshake_Type type);
  [[nodiscard]] curve usable_curve(const std::variant<Botan::TLS::Group_Params, Botan::DL_Group>& group);

  const tls_config& config_;
  std::shared_ptr<tr03116_policy> policy_;
  ephemerals keys_;
  const timestamp& now_;
  std::shared_ptr<tls_lineage>& lineage_;
  std::optional<tls_version> version_;
  std::string group_;
  std::vector<certificate> peer_;  ///< the chain that was checked
  bytes offered_session_id_;
  bool resuming_12_ = false;
  bool certificate_requested_ = false;
  bool peer_wants_small_records_ = false;
  bool encrypting_ = false;
};

/// A name of no host: the library keeps sessions only for peers with one. It never leaves this process.
inline constexpr std::string_view nameless_peer = "peer.invalid";

}  // namespace smgw::crypto::detail
