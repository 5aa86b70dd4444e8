// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "crypto/detail/tls_callbacks.hpp"

#include "base/check.hpp"
#include "base/octets.hpp"
#include "crypto/detail/kept.hpp"

#include <botan/tls_alert.h>
#include <botan/tls_ciphersuite.h>
#include <botan/tls_exceptn.h>
#include <botan/tls_extensions.h>
#include <botan/tls_messages.h>
#include <botan/tls_session.h>
#include <botan/x509cert.h>

#if __has_include(<botan/tls_messages_12.h>)  // Botan 3.12 and later have the versions in files of their own
#include <botan/tls_messages_12.h>
#include <botan/tls_messages_13.h>
#endif

#include <algorithm>
#include <array>

namespace smgw::crypto::detail {
namespace {

using Botan::TLS::AlertType;
using Botan::TLS::Connection_Side;
using Botan::TLS::Extension_Code;
using Botan::TLS::Handshake_Type;

constexpr std::uint8_t record_ccs = 20, record_handshake = 22;
constexpr std::size_t record_header = 5;
constexpr std::uint16_t ext_server_name = 0, ext_max_fragment_length = 1, ext_trusted_ca_keys = 3,
                        ext_pre_shared_key = 41, ext_authorities = 47;
constexpr std::uint8_t fragment_2048 = 3;  // 2^11, RFC 6066 4

/// An extension with a body made here.
class plain_extension final : public Botan::TLS::Extension {
 public:
  plain_extension(std::uint16_t code, bytes body) : code_(code), body_(std::move(body)) {}
  [[nodiscard]] Extension_Code type() const override { return static_cast<Extension_Code>(code_); }
  [[nodiscard]] std::vector<std::uint8_t> serialize(Connection_Side) const override { return body_; }
  [[nodiscard]] bool empty() const override { return false; }

 private:
  std::uint16_t code_;
  bytes body_;
};

/// A list with a 16-bit length in front, of items each behind `prefix` and their own 16-bit length.
bytes name_list(std::span<const certificate> anchors, bytes_view prefix) {
  bytes items;
  for (const auto& a : anchors) {
    put(items, prefix);
    put_be(items, static_cast<std::uint16_t>(a.subject.size()));
    put(items, a.subject);
  }
  bytes out;
  put_be(out, static_cast<std::uint16_t>(items.size()));
  put(out, items);
  return out;
}

/// In the place of one that is there: a second ClientHello, after a HelloRetryRequest, begins with those of the first.
void set(Botan::TLS::Extensions& all, std::uint16_t code, bytes body) {
  all.remove_extension(static_cast<Extension_Code>(code));
  all.add(std::make_unique<plain_extension>(code, std::move(body)));
}

/// The offer to resume is a ClientHello's last extension (RFC 8446 4.2.11), whatever was set behind it. A template,
/// because the library's versions have different names for it.
template <class Extensions>
void put_offer_last(Extensions& all) {
  constexpr auto offer = static_cast<Extension_Code>(ext_pre_shared_key);
  if (all.get(offer) == nullptr) return;
  [[maybe_unused]] const std::array last{offer};
  if constexpr (requires { all.reorder(last); })
    all.reorder(last);
  else
    all.add(all.take(offer));
}

AlertType alert_for(errc code) {
  switch (code) {
    case errc::expired: return AlertType::CertificateExpired;
    case errc::unsupported: return AlertType::UnsupportedCertificate;
    default: return AlertType::BadCertificate;
  }
}

}  // namespace

expected<void> check_peer(const tls_peer_rule& rule, std::span<const certificate> chain, certificate_use use,
                          timestamp now) {
  if (chain.empty()) return fail(errc::untrusted, "the peer sent no certificate");
  const auto& leaf = chain.front();
  if (!rule.pinned.empty() || rule.knows) {
    if (rule.knows ? !rule.knows(leaf) : std::ranges::find(rule.pinned, leaf) == rule.pinned.end())
      return fail(errc::untrusted, "the peer's certificate is not the configured one: " + leaf.subject_text);
    // cA does not matter for a certificate that is known octet by octet: self-signed ones in the field have it set.
    auto end_entity = leaf;
    end_entity.is_ca = false;
    SMGW_CHECK(check_use(end_entity, use));
    if (rule.check_time) SMGW_CHECK(check_validity(leaf, now));
  }
  if (!rule.anchors.empty())
    return check_chain(chain, rule.anchors, {.use = use, .now = rule.check_time ? std::optional{now} : std::nullopt});
  return {};
}

/// The library's form to ours; what is configured was parsed then.
expected<std::vector<certificate>> tls_callbacks::convert(const std::vector<Botan::X509_Certificate>& chain) const {
  if (chain.size() > max_chain_length) return fail(errc::exhausted, "chain longer than 4 certificates");
  std::vector<certificate> out;
  for (const auto& c : chain) {
    const auto der = c.BER_encode();
    const auto known = std::ranges::find(config_.peer.pinned, der, &certificate::der);
    if (known != config_.peer.pinned.end()) {
      out.push_back(*known);
      continue;
    }
    SMGW_TRY(auto parsed, parse_certificate(der));
    out.push_back(std::move(parsed));
  }
  return out;
}

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

void tls_callbacks::tls_session_established(const Botan::TLS::Session_Summary& session) {
  if (session.was_resumption()) {
    auto chain = convert(session.peer_certs());
    if (!chain) refuse(AlertType::BadCertificate, chain.error());
    // The library does not look at the certificate again (and a resumed session outlives it, or a changed pin).
    if (!chain->empty() || config_.peer.mandatory) check(*chain);
    peer_ = *std::move(chain);
    if (manager && manager->candidate()) lineage_ = manager->candidate();
  }
  tls_summary made;
  made.version = session.version().is_pre_tls_13() ? tls_version::tls12 : tls_version::tls13;
  made.suite = session.ciphersuite_code();
  made.suite_name = session.ciphersuite().to_string();
  made.group = group_;
  if (!peer_.empty()) made.peer = std::move(peer_.front());
  made.resumed = session.was_resumption();
  made.started = lineage_->origin;
  made.expires = lineage_->origin + config_.lifetime;
  if (now_ >= made.expires) refuse(AlertType::HandshakeFailure, {errc::expired, "the resumed session is too old"});
  summary = std::move(made);
}

bool tls_callbacks::tls_should_persist_resumption_information(const Botan::TLS::Session& session) {
  return manager != nullptr && Callbacks::tls_should_persist_resumption_information(session);
}

void tls_callbacks::check(std::span<const certificate> chain) {
  const auto use = config_.role == tls_role::server ? certificate_use::tls_client : certificate_use::tls_server;
  if (auto ok = check_peer(config_.peer, chain, use, now_); !ok) refuse(alert_for(ok.error().code), ok.error());
}

void tls_callbacks::tls_verify_cert_chain(const std::vector<Botan::X509_Certificate>& chain,
                                          const std::vector<std::optional<Botan::OCSP::Response>>&,
                                          const std::vector<Botan::Certificate_Store*>&, Botan::Usage_Type,
                                          std::string_view, const Botan::TLS::Policy&) {
  // The name is left out on purpose: these peers have no host names, and a server is given its own SNI here.
  auto converted = convert(chain);
  if (!converted) refuse(alert_for(converted.error().code), converted.error());
  check(*converted);
  peer_ = *std::move(converted);
}

bool tls_callbacks::tls_verify_message(const Botan::Public_Key& key, std::string_view padding,
                                       Botan::Signature_Format format, const std::vector<std::uint8_t>& message,
                                       const std::vector<std::uint8_t>& signature) {
  // Of peers that are configured only: nobody else may fill what is kept.
  if (!std::ranges::contains(config_.peer.pinned, key.public_key_bits(), &certificate::public_point))
    return Callbacks::tls_verify_message(key, padding, format, message, signature);
  return known_verifiers().verify(key, padding, format, message, signature);
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

void tls_callbacks::tls_modify_extensions(Botan::TLS::Extensions& extensions, Connection_Side side,
                                          Handshake_Type message) {
  if (side == Connection_Side::Client && message == Handshake_Type::ClientHello) {
    if (config_.server_name.empty()) extensions.remove_extension(static_cast<Extension_Code>(ext_server_name));
    if (config_.max_fragment_length) set(extensions, ext_max_fragment_length, {fragment_2048});
    if (config_.peer.anchors.size() > 1) {
      // REQ.TA.TLS.Handshake.140 (x509_name, RFC 6066 6) and .150.
      set(extensions, ext_trusted_ca_keys, name_list(config_.peer.anchors, bytes{2}));
      if (policy_->allow_tls13()) set(extensions, ext_authorities, name_list(config_.peer.anchors, {}));
    }
    put_offer_last(extensions);
  }
  // A session taken out of the cache is resumed: the length goes on, and its extension is not sent again (RFC 6066 4;
  // REQ.TA.TLS.Handshake.110 for the client).
  const bool resumes = manager != nullptr && manager->candidate() != nullptr;
  if (side == Connection_Side::Server && message == Handshake_Type::ServerHello && peer_wants_small_records_ &&
      !resumes)
    set(extensions, ext_max_fragment_length, {fragment_2048});
}

void tls_callbacks::tls_examine_extensions(const Botan::TLS::Extensions& extensions, Connection_Side side,
                                           Handshake_Type message) {
  const auto get = [&](std::uint16_t code) { return extensions.get(static_cast<Extension_Code>(code)); };
  if (side == Connection_Side::Client && message == Handshake_Type::ClientHello && config_.max_fragment_length) {
    const auto* wanted = get(ext_max_fragment_length);
    peer_wants_small_records_ = wanted != nullptr && version_ != tls_version::tls13 &&
                                std::ranges::equal(wanted->serialize(side), bytes{fragment_2048});
  }
  if (side != Connection_Side::Server || message != Handshake_Type::ServerHello) return;
  if (const auto* agreed = get(ext_max_fragment_length);
      agreed != nullptr && !std::ranges::equal(agreed->serialize(side), bytes{fragment_2048}))
    refuse(AlertType::IllegalParameter, {errc::malformed, "another fragment length than the one asked for"});
  // REQ.TA.TLS.Handshake.110: none of RFC 6066's extensions in a resumed handshake.
  if (resuming_12_)
    for (std::uint16_t code = 0; code <= 5; ++code)
      if (get(code) != nullptr)
        refuse(AlertType::UnsupportedExtension, {errc::malformed, "an RFC 6066 extension in a resumed handshake"});
}

}  // namespace smgw::crypto::detail
