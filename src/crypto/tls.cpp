// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "crypto/tls.hpp"

#include "base/check.hpp"
#include "base/octets.hpp"
#include "crypto/detail/certificate_writer.hpp"
#include "crypto/detail/kept.hpp"
#include "crypto/detail/tls_cache.hpp"
#include "crypto/detail/tls_callbacks.hpp"
#include "crypto/detail/tls_keys.hpp"
#include "crypto/detail/tls_policy.hpp"
#include "crypto/hash.hpp"
#include "crypto/soft_key_store.hpp"

#include <botan/certstor.h>
#include <botan/credentials_manager.h>
#include <botan/tls_client.h>
#include <botan/tls_exceptn.h>
#include <botan/tls_server.h>
#include <botan/tls_session_manager_noop.h>
#include <botan/x509cert.h>

#include <algorithm>

namespace smgw::crypto {
namespace {

using Botan::TLS::AlertType;

/// Octets a peer may send before the handshake is done: two chains of 16 KiB and what goes with them.
constexpr std::size_t max_handshake_octets = std::size_t{64} * 1024;
constexpr std::size_t io_buffer = 2048;

/// The identity, as the library asks for it. The private key works in its key store.
class credentials final : public Botan::Credentials_Manager {
 public:
  credentials(const tls_config& config, std::shared_ptr<detail::key_store_fault> fault) {
    auto& known = detail::known_certificates();
    for (const auto& a : config.peer.anchors) anchors_.add_certificate(known.get(a));
    if (!config.identity) return;
    const auto& id = *config.identity;
    for (const auto& c : id.chain) chain_.push_back(known.get(c));
    const auto& leaf = id.chain.front();
    const key_info key{
        .label = id.label, .on = leaf.on, .purpose = key_purpose::tls, .public_point = leaf.public_point};
    key_ = detail::make_store_key(id.keys, key, std::move(fault));
  }
  // A server names these in its CertificateRequest (REQ.TA.TLS.Handshake.145, .155).
  std::vector<Botan::Certificate_Store*> trusted_certificate_authorities(const std::string&,
                                                                         const std::string&) override {
    return {&anchors_};
  }
  std::vector<Botan::X509_Certificate> find_cert_chain(const std::vector<std::string>& key_types,
                                                       const std::vector<Botan::AlgorithmIdentifier>&,
                                                       const std::vector<Botan::X509_DN>&, const std::string&,
                                                       const std::string&) override {
    return std::ranges::find(key_types, "ECDSA") == key_types.end() ? std::vector<Botan::X509_Certificate>{} : chain_;
  }
  std::shared_ptr<Botan::Private_Key> private_key_for(const Botan::X509_Certificate&, const std::string&,
                                                      const std::string&) override {
    return key_;
  }

 private:
  Botan::Certificate_Store_In_Memory anchors_;
  std::vector<Botan::X509_Certificate> chain_;
  std::shared_ptr<Botan::Private_Key> key_;
};

/// Sessions resumed must not cross identities, peer rules, interfaces or names.
sha256_digest partition_of(const tls_config& c) {
  hasher h{hash::sha256};
  h.update(bytes{static_cast<std::uint8_t>(c.role), static_cast<std::uint8_t>(c.interface),
                 static_cast<std::uint8_t>(c.peer.mandatory)});
  h.update(as_bytes(c.server_name));
  const auto add = [&](std::span<const certificate> list) {
    h.update(bytes{0xff, static_cast<std::uint8_t>(list.size())});
    for (const auto& one : list) h.update(one.fingerprint);
  };
  if (c.identity) add(c.identity->chain);
  add(c.peer.pinned);
  add(c.peer.anchors);
  sha256_digest out{};
  std::ranges::copy(h.finish(), out.begin());
  return out;
}

expected<void> check_identity(const tls_identity& id) {
  if (!id.keys || id.chain.empty()) return fail(errc::malformed, "TLS identity without key store or certificate");
  if (id.chain.size() > max_chain_length)
    return fail(errc::malformed, "TLS identity: chain longer than 4 certificates");
  SMGW_TRY(const auto key, id.keys->find(id.label));
  if (key.on != id.chain.front().on || key.public_point != id.chain.front().public_point)
    return fail(errc::conflict, "the key " + id.label + " and its certificate do not belong together");
  return {};
}

/// RFC 1035 2.3.1 (REQ.TA.TLS.OpenWanSessionAsClient.30): labels of letters, digits and hyphens.
bool is_server_name(std::string_view name) { return name.empty() || detail::is_dns_name(name); }

expected<void> check_config(const tls_config& c) {
  if (c.identity) SMGW_CHECK(check_identity(*c.identity));
  // Mutual authentication on WAN and LMN; in the HAN a client may log in by digest, a server may not go without.
  const bool needs_identity = c.interface != tls_interface::han || c.role == tls_role::server;
  if (!c.identity && needs_identity) return fail(errc::malformed, "TLS: this role needs a certificate");
  if (!c.peer.mandatory && (c.interface != tls_interface::han || c.role != tls_role::server))
    return fail(errc::malformed, "TLS: only a HAN server may let peers without certificate in");
  if (c.peer.pinned.empty() && c.peer.anchors.empty() && !c.peer.knows)
    return fail(errc::malformed, "TLS: whom to believe?");
  if (c.interface == tls_interface::lmn && c.peer.pinned.empty())
    return fail(errc::malformed, "TLS: LMN certificates are self-signed, so the peer's has to be configured");
  if (!is_server_name(c.server_name)) return fail(errc::malformed, "TLS: server_name is not a name of RFC 1035");
  for (const auto& p : c.alpn)
    if (p.empty() || p.size() > 255) return fail(errc::malformed, "TLS: application protocol name");
  if (c.only_version == tls_version::tls13 && c.identity && !tls13_possible(c.identity->chain.front().on))
    return fail(errc::unsupported, "TLS 1.3 with this curve needs a newer TLS library");
  return {};
}

errc code_for(AlertType alert) {
  switch (alert) {
    case AlertType::BadCertificate:
    case AlertType::UnsupportedCertificate:
    case AlertType::CertificateUnknown:
    case AlertType::UnknownCA:
    case AlertType::CertificateRequired:
    case AlertType::BadRecordMac:
    case AlertType::DecryptError: return errc::untrusted;
    case AlertType::CertificateExpired: return errc::expired;
    case AlertType::ProtocolVersion:
    case AlertType::HandshakeFailure:
    case AlertType::InsufficientSecurity:
    case AlertType::NoApplicationProtocol:
    case AlertType::UnrecognizedName: return errc::unsupported;
    case AlertType::NoRenegotiation:
    case AlertType::AccessDenied: return errc::denied;
    case AlertType::InternalError: return errc::internal;
    default: return errc::malformed;
  }
}

}  // namespace

struct tls_session::impl {
  explicit impl(tls_config c)
      : config(std::move(c)),
        fault(std::make_shared<detail::key_store_fault>()),
        policy(std::make_shared<detail::tr03116_policy>(detail::rules_of(config))),
        lineage(std::make_shared<detail::tls_lineage>()) {
    // A HAN client without certificate has no key store of its own; its ephemeral keys live in one of their own.
    keys = config.identity ? config.identity->keys : std::shared_ptr<key_store>{soft_key_store::in_memory()};
    rng = detail::make_store_rng(keys, fault);
    callbacks = std::make_shared<detail::tls_callbacks>(config, policy, keys, fault, now, lineage);
  }

  tls_config config;
  timestamp now{};
  std::shared_ptr<key_store> keys;
  std::shared_ptr<detail::key_store_fault> fault;
  std::shared_ptr<detail::tr03116_policy> policy;
  std::shared_ptr<detail::tls_lineage> lineage;
  std::shared_ptr<Botan::RandomNumberGenerator> rng;
  std::shared_ptr<detail::tls_callbacks> callbacks;
  std::unique_ptr<Botan::TLS::Channel> channel;
  std::optional<tls_summary> summary;
  std::size_t handshake_octets = 0;
  bool started = false, done = false, over = false;

  void open();
  template <class F>
  [[nodiscard]] tls_output run(F&& what);
  [[nodiscard]] tls_failure failure_of(AlertType alert, const std::string& text) const;
  void finish(tls_output& out);
  void end(tls_output& out, std::optional<tls_failure> failure);
  [[nodiscard]] bool count(std::uint64_t octets);
  [[nodiscard]] tls_output expire();
};

void tls_session::impl::open() {
  std::shared_ptr<Botan::TLS::Session_Manager> manager = std::make_shared<Botan::TLS::Session_Manager_Noop>();
  if (config.cache) {
    callbacks->manager = std::make_shared<detail::tls_session_manager>(rng, config.cache->state_, partition_of(config),
                                                                       config.lifetime, now, lineage);
    manager = callbacks->manager;
  }
  const auto creds = std::make_shared<credentials>(config, fault);
  if (config.role == tls_role::server) {
    channel = std::make_unique<Botan::TLS::Server>(callbacks, manager, creds, policy, rng, false, io_buffer);
    return;
  }
  const Botan::TLS::Server_Information peer{
      config.server_name.empty() ? std::string{detail::nameless_peer} : config.server_name, std::uint16_t{0}};
  channel = std::make_unique<Botan::TLS::Client>(callbacks, manager, creds, policy, rng, peer,
                                                 policy->latest_supported_version(false), config.alpn, io_buffer);
}

tls_failure tls_session::impl::failure_of(AlertType alert, const std::string& text) const {
  auto why = callbacks->events.refused.value_or(error{code_for(alert), text});
  if (fault->first) why = *fault->first;
  return {.why = std::move(why), .alert = Botan::TLS::Alert{alert}.type_string(), .alert_from_peer = false};
}

void tls_session::impl::end(tls_output& out, std::optional<tls_failure> failure) {
  over = true;
  callbacks->drop_ephemerals();
  out.failure = std::move(failure);
}

/// Runs one call into the library and gathers what it did, an exception included: the alert is in what it emitted.
template <class F>
tls_output tls_session::impl::run(F&& what) {
  std::optional<tls_failure> failure;
  auto& events = callbacks->events;
  events = {};
  try {
    std::forward<F>(what)();
  } catch (const Botan::TLS::TLS_Exception& e) {
    failure = failure_of(e.type(), e.what());
  } catch (const Botan::Invalid_Authentication_Tag& e) {
    failure = failure_of(AlertType::BadRecordMac, e.what());
  } catch (const Botan::Decoding_Error& e) {
    failure = failure_of(AlertType::DecodeError, e.what());
  } catch (const std::exception& e) {
    failure = failure_of(AlertType::InternalError, e.what());
  }
  tls_output out;
  out.transmit = std::move(events.transmit);
  out.plaintext = std::move(events.plaintext);
  out.peer_closed = events.peer_closed;
  if (events.fatal_alert && !failure) {
    failure = tls_failure{.why = {errc::denied, "the peer ended the session: " + *events.fatal_alert},
                          .alert = *events.fatal_alert,
                          .alert_from_peer = true};
  }
  if (failure) {
    // Nothing that came along with a broken record or after a fatal alert is passed on (REQ.TA.TLS.Close.10).
    out.plaintext.clear();
    end(out, std::move(failure));
  }
  return out;
}

void tls_session::impl::finish(tls_output& out) {
  if (out.failure) return;
  // Not is_active(): a TLS 1.3 server is active before it has seen the client's certificate.
  if (!done && callbacks->events.activated && channel->is_handshake_complete()) {
    done = out.handshake_done = true;
    summary = callbacks->summary;
    SMGW_ASSERT(summary.has_value());
    summary->alpn = channel->application_protocol();
    callbacks->drop_ephemerals();  // shares a TLS 1.3 server did not choose
  }
  if (out.peer_closed) {
    if (!done) {
      end(out, tls_failure{.why = {errc::denied, "the peer closed during the handshake"},
                           .alert = "close_notify",
                           .alert_from_peer = true});
    } else {
      end(out, std::nullopt);
    }
  }
  if (!count(out.plaintext.size())) {
    out.plaintext.clear();
    out.transmit.clear();
    auto closing = run([&] { channel->close(); });
    put(out.transmit, closing.transmit);
    end(out, tls_failure{.why = {errc::exhausted, "the LMN session has carried its 5 MB"}, .alert = {}});
  }
}

bool tls_session::impl::count(std::uint64_t octets) {
  if (config.interface != tls_interface::lmn) return true;
  return (lineage->octets += octets) <= max_lmn_session_octets;
}

tls_output tls_session::impl::expire() {
  auto out = run([&] { channel->close(); });
  if (!out.failure) end(out, tls_failure{.why = {errc::expired, "the session's lifetime is over"}, .alert = {}});
  return out;
}

tls_session::tls_session(std::unique_ptr<impl> state) : impl_(std::move(state)) {}
tls_session::~tls_session() = default;
tls_session::tls_session(tls_session&&) noexcept = default;
tls_session& tls_session::operator=(tls_session&&) noexcept = default;

expected<tls_session> tls_session::create(tls_config config) {
  SMGW_CHECK(check_config(config));
  const auto longest = max_session_lifetime(config.interface);
  if (config.lifetime <= std::chrono::seconds{0} || config.lifetime > longest) config.lifetime = longest;
  if (detail::rules_of(config).suites.empty()) return fail(errc::malformed, "TLS: no cipher suite is left");
  return tls_session{std::make_unique<impl>(std::move(config))};
}

expected<tls_output> tls_session::start(timestamp now) {
  auto& s = *impl_;
  if (s.started) return fail(errc::conflict, "TLS session started twice");
  s.started = true;
  s.now = s.lineage->origin = now;
  return s.run([&] { s.open(); });
}

expected<tls_output> tls_session::feed(bytes_view in, timestamp now) {
  auto& s = *impl_;
  if (!s.started || s.over) return fail(errc::conflict, "the TLS session is not open");
  s.now = now;
  if (s.done && now >= s.summary->expires) return s.expire();
  if (!s.done && (s.handshake_octets += in.size()) > max_handshake_octets) {
    auto out = s.run([&] { s.channel->send_fatal_alert(AlertType::HandshakeFailure); });
    s.end(out,
          tls_failure{.why = {errc::exhausted, "the handshake is larger than 64 KiB"}, .alert = "handshake_failure"});
    return out;
  }
  auto out = s.run([&] { s.channel->received_data(in.data(), in.size()); });
  s.finish(out);
  return out;
}

expected<tls_output> tls_session::tick(timestamp now) {
  auto& s = *impl_;
  if (s.over || !s.done || now < s.summary->expires) return tls_output{};
  s.now = now;
  return s.expire();
}

expected<bytes> tls_session::send(bytes_view plaintext) {
  auto& s = *impl_;
  if (!established()) return fail(errc::conflict, "the TLS session is not open");
  if (plaintext.size() > max_send) return fail(errc::exhausted, "too much for one call");
  if (!s.count(plaintext.size())) return fail(errc::exhausted, "the LMN session has carried its 5 MB");
  auto out = s.run([&] {
    const auto piece = s.config.max_fragment_length ? detail::max_small_fragment : max_send;
    for (auto rest = plaintext; !rest.empty();) {
      const auto now = rest.first(std::min(rest.size(), piece));
      rest = rest.subspan(now.size());
      s.channel->send(now);
    }
  });
  if (out.failure) return std::unexpected{out.failure->why};
  return std::move(out.transmit);
}

bytes tls_session::close() {
  auto& s = *impl_;
  if (s.over || !s.channel) {
    s.over = true;
    return {};
  }
  auto out = s.run([&] { s.channel->close(); });
  s.end(out, std::nullopt);
  return std::move(out.transmit);
}

bool tls_session::established() const noexcept { return impl_->done && !impl_->over; }
bool tls_session::over() const noexcept { return impl_->over; }
const std::optional<tls_summary>& tls_session::summary() const noexcept { return impl_->summary; }

}  // namespace smgw::crypto
