// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "actors/platform/credentials.hpp"

#include "actors/platform/certificate_files.hpp"
#include "actors/platform/lmn_identity.hpp"
#include "actors/wan/time_sync.hpp"
#include "base/check.hpp"
#include "crypto/queued_key_store.hpp"

#include <algorithm>

namespace smgw::platform {
namespace {

namespace fs = std::filesystem;

/// A pinned end-entity certificate, or an anchor when the file holds a CA.
crypto::tls_peer_rule rule_of(const std::vector<crypto::certificate>& found) {
  crypto::tls_peer_rule rule;
  for (const auto& c : found) (c.is_ca ? rule.anchors : rule.pinned).push_back(c);
  return rule;
}

expected<void> load_peer(credentials& c, const configuration& told, const profile::wan& w) {
  SMGW_TRY(const auto tls, certificates(told, w.tls_certificate, w.name));
  c.peers.emplace(w.id, rule_of(tls));
  if (!w.signer_certificate.empty()) {
    SMGW_TRY(const auto signer, certificates(told, w.signer_certificate, w.name));
    SMGW_CHECK(crypto::check_use(signer.front(), crypto::certificate_use::signature));
    c.signers.emplace(w.id, signer.front());
  }
  if (w.encryption_certificate.empty()) return {};
  SMGW_TRY(const auto encryption, certificates(told, w.encryption_certificate, w.name));
  SMGW_CHECK(crypto::check_use(encryption.front(), crypto::certificate_use::encryption));
  c.readers.emplace(w.id, reader{encryption.front(), w.suite, w.compress});
  return {};
}

/// The certificates of meters on wired buses that profiles name; the others' are made when they are paired.
expected<void> load_meter_credentials(const configuration& told, const profile::profile_set& profiles,
                                      const std::shared_ptr<crypto::key_store>& keys, timestamp now, credentials& c) {
  const auto on_bus = [&](const profile::meter& m) {
    const auto* port = profiles.find_port(m.port);
    return port != nullptr && port->protocol == profile::lmn_protocol::hdlc;
  };
  for (const auto& m : profiles.meters) {
    if (m.tls_certificate.empty()) continue;
    SMGW_TRY(const auto found, certificates(told, m.tls_certificate, m.name));
    c.meters.emplace(m.id.text(), crypto::tls_peer_rule{.pinned = found});
  }
  if (c.meters.empty() && std::ranges::none_of(profiles.meters, on_bus)) return {};
  SMGW_TRY(auto chain, own_lmn_chain(profiles.self, *keys, now));
  c.lmn =
      crypto::tls_identity{crypto::in_lane(keys, crypto::urgency::handshake), std::string(lmn_label), std::move(chain)};
  return {};
}

}  // namespace

expected<crypto::tls_config> meter_client(const profile::meter& m, const credentials& c,
                                          std::shared_ptr<crypto::tls_session_cache> cache) {
  if (!c.lmn) return fail(errc::unavailable, m.name + ": the gateway has no certificate for the LMN");
  const auto peer = c.meters.find(std::string(m.id.text()));
  return crypto::tls_config{.role = crypto::tls_role::client,
                            .interface = crypto::tls_interface::lmn,
                            .identity = c.lmn,
                            .peer = peer == c.meters.end() ? crypto::tls_peer_rule{} : peer->second,
                            .cache = std::move(cache),
                            .max_fragment_length = true};
}

std::vector<lifecycle::certificate_end> ends_of(const credentials& c) {
  std::vector<lifecycle::certificate_end> all{{"the gateway's TLS", c.identity.chain.front().not_after},
                                              {"the gateway's signature", c.signature.certificate.not_after},
                                              {"the gateway's encryption", c.encryption.front().certificate.not_after}};
  if (c.lmn) all.push_back({"the gateway's TLS towards meters", c.lmn->chain.front().not_after});
  for (const auto& [id, rule] : c.peers)
    for (const auto& pinned : rule.pinned) all.push_back({id + "'s TLS", pinned.not_after});
  for (const auto& [id, to] : c.readers) all.push_back({id + "'s encryption", to.encryption.not_after});
  for (const auto& [id, by] : c.signers) all.push_back({id + "'s signature", by.not_after});
  for (const auto& [id, rule] : c.meters)
    for (const auto& pinned : rule.pinned) all.push_back({"meter " + id + "'s TLS", pinned.not_after});
  return all;
}

expected<crypto::tls_identity> own_identity(const std::shared_ptr<crypto::key_store>& keys, const own_certificates& own,
                                            unsigned generation) {
  SMGW_TRY(auto chain, read_certificates(own.folder(generation) / "tls.pem", "the gateway's TLS certificate"));
  return crypto::tls_identity{crypto::in_lane(keys, crypto::urgency::handshake),
                              own_certificates::label(tls_label, generation), std::move(chain)};
}

expected<credentials> load_credentials(const configuration& told, const profile::profile_set& profiles,
                                       const std::shared_ptr<crypto::key_store>& keys, timestamp now) {
  credentials c;
  const own_certificates own(fs::path(profiles.self.data_directory) / "certificates");
  const auto newest = own.current();
  SMGW_TRY(c.identity, own_identity(keys, own, newest));
  SMGW_TRY(const auto signature,
           read_certificates(own.folder(newest) / "sig.pem", "the gateway's signature certificate"));
  c.signature = {signature.front(), own_certificates::label(signature_label, newest)};
  SMGW_TRY(const auto encryption,
           read_certificates(own.folder(newest) / "enc.pem", "the gateway's encryption certificate"));
  c.encryption.push_back({encryption.front(), own_certificates::label(encryption_label, newest)});
  // What was encrypted for the key before may still be on its way.
  for (auto g = newest; g-- > 0;) {
    const auto older = read_certificates(own.folder(g) / "enc.pem", "an older encryption certificate");
    const auto label = own_certificates::label(encryption_label, g);
    if (older && keys->find(label)) c.encryption.push_back({older->front(), label});
  }
  for (const auto& w : profiles.wans) SMGW_CHECK(load_peer(c, told, w));
  if (profiles.time) SMGW_CHECK(load_peer(c, told, peer_of(*profiles.time)));
  SMGW_CHECK(load_meter_credentials(told, profiles, keys, now, c));
  return c;
}

}  // namespace smgw::platform
