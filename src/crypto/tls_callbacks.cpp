// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

// What the library tells and asks while a session runs: records, alerts, messages, versions, keys.
#include "crypto/detail/tls_callbacks.hpp"

#include "base/octets.hpp"

#include <botan/tls_alert.h>
#include <botan/tls_exceptn.h>
#include <botan/tls_messages.h>
#include <botan/tls_session.h>

#if __has_include(<botan/tls_messages_12.h>)  // Botan 3.12 and later have the versions in files of their own
#include <botan/tls_messages_12.h>
#include <botan/tls_messages_13.h>
#endif

#include <algorithm>

namespace smgw::crypto::detail {
namespace {

using Botan::TLS::AlertType;
using Botan::TLS::Handshake_Type;

constexpr std::uint8_t record_ccs = 20, record_handshake = 22;
constexpr std::size_t record_header = 5;

}  // namespace

void tls_callbacks::refuse(AlertType alert, error why) {
  auto text = why.what;
  if (!events.refused) events.refused = std::move(why);
  throw Botan::TLS::TLS_Exception(alert, text);
}

void tls_callbacks::tls_emit_data(std::span<const std::uint8_t> data) {
  // One whole record per call. A handshake record in clear may be cut into several (RFC 5246 6.2.1), which is how long
  // flights fit the frames of the LMN; the library cannot do it.
  const bool cut = config_.max_fragment_length && !encrypting_ && data.size() > record_header + max_small_fragment &&
                   data[0] == record_handshake;
  if (!data.empty() && data[0] == record_ccs) encrypting_ = true;
  if (!cut) {
    put(events.transmit, data);
    return;
  }
  auto rest = data.subspan(record_header);
  while (!rest.empty()) {
    const auto piece = rest.first(std::min(rest.size(), max_small_fragment));
    rest = rest.subspan(piece.size());
    put(events.transmit, data.first(3));
    put_be(events.transmit, static_cast<std::uint16_t>(piece.size()));
    put(events.transmit, piece);
  }
}

void tls_callbacks::tls_record_received(std::uint64_t, std::span<const std::uint8_t> data) {
  put(events.plaintext, data);
}

void tls_callbacks::tls_alert(Botan::TLS::Alert alert) {
  if (alert.type() == AlertType::CloseNotify) {
    events.peer_closed = true;
  } else if (alert.is_fatal()) {
    events.fatal_alert = alert.type_string();
  }
}

bool tls_callbacks::tls_should_persist_resumption_information(const Botan::TLS::Session& session) {
  return manager != nullptr && Callbacks::tls_should_persist_resumption_information(session);
}

curve tls_callbacks::usable_curve(const std::variant<Botan::TLS::Group_Params, Botan::DL_Group>& group) {
  const auto* named = std::get_if<Botan::TLS::Group_Params>(&group);
  const auto on = named == nullptr ? std::nullopt : curve_of_group(named->wire_code());
  if (!on) refuse(AlertType::IllegalParameter, {errc::unsupported, "a group that TR-03116-3 does not list"});
  if (version_ && !group_fits(named->wire_code(), *version_))
    refuse(AlertType::IllegalParameter, {errc::malformed, "a group of another TLS version"});
  return *on;
}

std::unique_ptr<Botan::PK_Key_Agreement_Key> tls_callbacks::tls_generate_ephemeral_key(
    const std::variant<Botan::TLS::Group_Params, Botan::DL_Group>& group, Botan::RandomNumberGenerator&) {
  return keys_.generate(usable_curve(group));
}

Botan::secure_vector<std::uint8_t> tls_callbacks::tls_ephemeral_key_agreement(
    const std::variant<Botan::TLS::Group_Params, Botan::DL_Group>& group, const Botan::PK_Key_Agreement_Key& mine,
    const std::vector<std::uint8_t>& peer, Botan::RandomNumberGenerator&, const Botan::TLS::Policy&) {
  const auto on = usable_curve(group);
  group_ = to_string(on);
  return keys_.agree(on, mine, peer);
}

/// Client: WAN and LMN know mutual authentication only, so a server that does not ask for our certificate is a wrong
/// one (figures 13.1 to 13.4 of the detail specification). The last message of a full handshake's first flight tells.
void tls_callbacks::expect_request(Handshake_Type type) {
  if (config_.role == tls_role::server || config_.interface == tls_interface::han) return;
  if (type == Handshake_Type::CertificateRequest) certificate_requested_ = true;
  const bool last = type == Handshake_Type::ServerHelloDone ||
                    (type == Handshake_Type::CertificateVerify && version_ == tls_version::tls13);
  if (last && !certificate_requested_)
    refuse(AlertType::HandshakeFailure, {errc::denied, "the server did not ask for our certificate"});
}

void tls_callbacks::tls_inspect_handshake_msg(const Botan::TLS::Handshake_Message& message) {
  expect_request(message.type());
  // The library tells versions apart by type; a TLS 1.2 server has to know before it chooses a group.
  const auto is_12 = [&] {
    if (const auto* hello = dynamic_cast<const Botan::TLS::Client_Hello_12*>(&message)) {
      offered_session_id_.assign(hello->session_id().begin(), hello->session_id().end());
      return config_.role == tls_role::server;
    }
    const auto* hello = dynamic_cast<const Botan::TLS::Server_Hello_12*>(&message);
    if (hello != nullptr)
      resuming_12_ = !offered_session_id_.empty() && std::ranges::equal(hello->session_id(), offered_session_id_);
    return hello != nullptr;
  }();
  const auto is_13 = [&] {
#if defined(BOTAN_HAS_TLS_13)
    if (config_.role == tls_role::server) return dynamic_cast<const Botan::TLS::Client_Hello_13*>(&message) != nullptr;
    return dynamic_cast<const Botan::TLS::Server_Hello_13*>(&message) != nullptr;
#else
    return false;
#endif
  }();
  if (!is_12 && !is_13) return;
  version_ = is_13 ? tls_version::tls13 : tls_version::tls12;
  policy_->negotiated(*version_);
}

std::string tls_callbacks::tls_server_choose_app_protocol(const std::vector<std::string>& client_protocols) {
  for (const auto& mine : config_.alpn)
    if (std::ranges::find(client_protocols, mine) != client_protocols.end()) return mine;
  if (!config_.alpn.empty())
    refuse(AlertType::NoApplicationProtocol, {errc::unsupported, "no application protocol in common"});
  return {};
}

}  // namespace smgw::crypto::detail
