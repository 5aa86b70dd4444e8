// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

// What a client of ours offers beyond what it has to, and that nothing hangs on a server that knows none of it.
#include "openssl_peer.hpp"
#include "tls_hello.hpp"

#include <botan/auto_rng.h>
#include <botan/credentials_manager.h>
#include <botan/data_src.h>
#include <botan/tls_callbacks.h>
#include <botan/tls_extensions.h>
#include <botan/tls_policy.h>
#include <botan/tls_server.h>
#include <botan/tls_session_manager_noop.h>
#include <botan/x509cert.h>

#include <algorithm>

using namespace smgw;
using namespace smgw::crypto;
using namespace smgw::crypto::test;

namespace {

using ids = std::set<std::uint16_t>;

constexpr std::uint16_t server_name = 0, max_fragment_length = 1, trusted_ca_keys = 3, truncated_hmac = 4,
                        supported_groups = 10, ec_point_formats = 11, signature_algorithms = 13, alpn = 16,
                        encrypt_then_mac = 22, extended_master_secret = 23, record_size_limit = 28, session_ticket = 35,
                        pre_shared_key = 41, early_data = 42, supported_versions = 43, psk_key_exchange_modes = 45,
                        certificate_authorities = 47, signature_algorithms_cert = 50, key_share = 51,
                        renegotiation_info = 0xff01;

/// What TR-03109-1 or TR-03116-3 tells every client to send, in one version or the other.
const ids for_all{trusted_ca_keys,         supported_groups,          ec_point_formats,
                  signature_algorithms,
                  encrypt_then_mac,        // REQ.TA.TLS.Handshake.80
                  extended_master_secret,  // .90
                  pre_shared_key,          supported_versions,        psk_key_exchange_modes,
                  certificate_authorities, signature_algorithms_cert, key_share};
/// Truncated MACs are forbidden (TR-03116-3 4.2.2.2, 5.3.2), and so is 0-RTT (4.3).
const ids forbidden{truncated_hmac, early_data};

struct client_role {
  tls_interface on;
  ids told;     ///< beside `for_all`
  ids further;  ///< the allow list: none is forbidden, and a server may do without each
};
const client_role wan{tls_interface::wan, {server_name}, {session_ticket, renegotiation_info, alpn}};
const client_role han{tls_interface::han, {server_name}, {session_ticket, renegotiation_info, alpn}};
// ALPN is REQ.TA.TLS.OpenLmnSessionAsClient.30; fragments are those of TLS over HDLC (detail specification 8.4), whose
// limit has another name in TLS 1.3 (RFC 8449).
const client_role lmn{tls_interface::lmn,
                      {alpn, max_fragment_length},
                      {session_ticket, renegotiation_info, server_name, record_size_limit}};

ids extensions_of(const hello& h) {
  ids all;
  for (const auto& [id, body] : h.extensions) all.insert(id);
  return all;
}
ids common(const ids& a, const ids& b) {
  ids both;
  std::ranges::set_intersection(a, b, std::inserter(both, both.end()));
  return both;
}

/// All that a configuration of this role can turn on; `plain`: nothing of it.
std::vector<tls_config> configurations(const client_role& role, const party& self, const party& peer) {
  const auto other = authority("Other.CA").own();
  std::vector<tls_config> all;
  for (const bool plain : {true, false})
    for (const auto version : {std::optional<tls_version>{}, {tls_version::tls12}, {tls_version::tls13}}) {
      if (version == tls_version::tls13 && !tls13_possible(self.own().on)) continue;
      auto c = config_of(tls_role::client, self, peer, role.on);
      c.only_version = version;
      if (!plain) {
        c.cache = std::make_shared<tls_session_cache>();
        c.server_name = "gwa.example";
        c.alpn = {"protocol/1"};
        c.max_fragment_length = role.on == tls_interface::lmn;
        if (peer.chain.size() > 1) c.peer.anchors = {peer.chain.back(), other};
      }
      all.push_back(std::move(c));
    }
  return all;
}

/// The ClientHello that resumes a session made under this configuration.
hello resuming_hello(const tls_config& c, const party& self, const party& peer) {
  auto s = config_of(tls_role::server, peer, self, c.interface);
  s.cache = std::make_shared<tls_session_cache>();
  s.alpn = c.alpn;
  pair_of_sessions first(c, s);
  REQUIRE(first.handshake());
  REQUIRE(c.cache->size() > 0);
  return hello_of(c);
}

void check_offers(const client_role& role) {
  REQUIRE(common(forbidden, role.further).empty());
  ids seen;
  for (const auto on : {curve::brainpool_p256r1, curve::secp256r1}) {
    const auto self = make_self_signed_party(on), peer = make_issued_party(authority("Test.CA", on), on);
    for (const auto& c : configurations(role, self, peer)) {
      std::vector hellos{hello_of(c)};
      if (c.cache) hellos.push_back(resuming_hello(c, self, peer));
      for (const auto& h : hellos)
        for (const auto id : extensions_of(h)) {
          INFO("extension " << id);
          CHECK((for_all.contains(id) || role.told.contains(id) || role.further.contains(id)));
          CHECK_FALSE(forbidden.contains(id));
          seen.insert(id);
        }
    }
  }
  CHECK(common(seen, role.further) == role.further);  // nothing is allowed that is not there
  CHECK(common(seen, role.told) == role.told);
  CHECK(common(seen, for_all) == for_all);
}

// --- a server of the library's own, without ours around it, that leaves extensions unanswered

struct bare_policy final : Botan::TLS::Policy {
  bool require_client_certificate_authentication() const override { return true; }
  bool require_cert_revocation_info() const override { return false; }
};

class bare_credentials final : public Botan::Credentials_Manager {
 public:
  explicit bare_credentials(const party& p) : chain_{Botan::X509_Certificate(p.own().der)} {
    Botan::DataSource_Memory pem{key_pem(p)};
    key_ = Botan::PKCS8::load_key(pem);
  }
  std::vector<Botan::X509_Certificate> find_cert_chain(const std::vector<std::string>&,
                                                       const std::vector<Botan::AlgorithmIdentifier>&,
                                                       const std::vector<Botan::X509_DN>&, const std::string&,
                                                       const std::string&) override {
    return chain_;
  }
  std::shared_ptr<Botan::Private_Key> private_key_for(const Botan::X509_Certificate&, const std::string&,
                                                      const std::string&) override {
    return key_;
  }

 private:
  std::vector<Botan::X509_Certificate> chain_;
  std::shared_ptr<Botan::Private_Key> key_;
};

class deaf_callbacks final : public Botan::TLS::Callbacks {
 public:
  deaf_callbacks(ids deaf_to, certificate client) : deaf_to_(std::move(deaf_to)), client_(std::move(client)) {}
  bytes sent, received;
  ids asked, answered;

  void tls_emit_data(std::span<const std::uint8_t> data) override { put(sent, data); }
  void tls_record_received(std::uint64_t, std::span<const std::uint8_t> data) override { put(received, data); }
  void tls_alert(Botan::TLS::Alert) override {}
  void tls_verify_cert_chain(const std::vector<Botan::X509_Certificate>& chain,
                             const std::vector<std::optional<Botan::OCSP::Response>>&,
                             const std::vector<Botan::Certificate_Store*>&, Botan::Usage_Type, std::string_view,
                             const Botan::TLS::Policy&) override {
    REQUIRE(chain.front().BER_encode() == client_.der);
  }
  std::chrono::system_clock::time_point tls_current_timestamp() override { return day_one; }
  void tls_examine_extensions(const Botan::TLS::Extensions& in, Botan::TLS::Connection_Side,
                              Botan::TLS::Handshake_Type message) override {
    if (message != Botan::TLS::Handshake_Type::ClientHello) return;
    for (const auto code : in.extension_types()) asked.insert(static_cast<std::uint16_t>(code));
  }
  void tls_modify_extensions(Botan::TLS::Extensions& out, Botan::TLS::Connection_Side,
                             Botan::TLS::Handshake_Type) override {
    for (const auto code : deaf_to_) out.remove_extension(static_cast<Botan::TLS::Extension_Code>(code));
    for (const auto code : out.extension_types()) answered.insert(static_cast<std::uint16_t>(code));
  }

 private:
  ids deaf_to_;
  certificate client_;
};

void meet_deaf_server(const client_role& role, const tls_config& c, const party& self, const party& peer) {
  const auto calls = std::make_shared<deaf_callbacks>(role.further, self.own());
  Botan::TLS::Server server{calls, std::make_shared<Botan::TLS::Session_Manager_Noop>(),
                            std::make_shared<bare_credentials>(peer), std::make_shared<bare_policy>(),
                            std::make_shared<Botan::AutoSeeded_RNG>()};
  endpoint us{must(tls_session::create(c))};
  const auto exchange = [&](bytes out) {
    while (!out.empty()) {
      server.received_data(out);
      const auto answer = std::exchange(calls->sent, {});
      out = answer.empty() ? bytes{} : us.take(must(us.session.feed(answer, day_one)));
    }
  };
  exchange(us.take(must(us.session.start(day_one))));
  if (us.failure) FAIL(us.failure->why.what);
  CHECK(us.session.established());
  CHECK_FALSE(common(calls->asked, role.further).empty());
  CHECK(common(calls->answered, role.further).empty());
  exchange(must(us.session.send(as_bytes("hello"))));
  CHECK(as_text(calls->received) == "hello");
  server.send("good day");
  us.take(must(us.session.feed(std::exchange(calls->sent, {}), day_one)));
  CHECK(as_text(us.received) == "good day");
}

void check_unanswered(const client_role& role) {
  // The peer's key leaves its store for the other server, which only that of a self-signed certificate may.
  const auto self = make_self_signed_party(curve::secp256r1),
             peer = make_self_signed_party(curve::secp256r1, "1emh0010482202.sm");
  for (const auto& c : configurations(role, self, peer)) {
    if (common(extensions_of(hello_of(c)), role.further).empty()) continue;
    INFO((c.cache ? "all" : "plain") << ", " << (c.only_version ? to_string(*c.only_version) : "both versions"));
    meet_deaf_server(role, c, self, peer);
  }
}

}  // namespace

TEST_CASE("TLS: further extensions of a WAN client are on the list, and no server has to know them",
          "[REQ.TA.TLS.OpenWanSessionAsClient.40]") {
  check_offers(wan);
  check_unanswered(wan);
}

TEST_CASE("TLS: further extensions of a HAN client are on the list, and no server has to know them",
          "[REQ.TA.TLS.OpenHanSessionAsClient.40]") {
  check_offers(han);
  check_unanswered(han);
}

TEST_CASE("TLS: further extensions of an LMN client are on the list, and no server has to know them",
          "[REQ.TA.TLS.OpenLmnSessionAsClient.50]") {
  check_offers(lmn);
  check_unanswered(lmn);
}

TEST_CASE("TLS 1.3: what a client adds stands in its second ClientHello, too, and before an offer to resume",
          "[REQ.TA.TLS.OpenWanSessionAsClient.60][REQ.TA.TLS.OpenLmnSessionAsClient.70]") {
  const auto self = make_self_signed_party(curve::secp256r1),
             peer = make_issued_party(authority("Test.CA"), curve::secp256r1);
  for (const auto& role : {wan, han, lmn})
    for (auto c : configurations(role, self, peer)) {
      if (!c.cache || c.only_version == tls_version::tls12) continue;
      auto s = config_of(tls_role::server, peer, self, role.on);
      s.cache = std::make_shared<tls_session_cache>();
      s.alpn = c.alpn;
      for (const bool other_group : {false, true}) {
        // Not the client's share: the server asks for another (HelloRetryRequest).
        if (other_group) s.only_groups = {curve::secp384r1};
        c.cache->clear();
        for (const bool resumed : {false, true, true}) {
          pair_of_sessions pair(c, s);
          REQUIRE(pair.handshake());
          CHECK(pair.client.session.summary()->version == tls_version::tls13);
          CHECK(pair.client.session.summary()->resumed == resumed);
          pair.talk();
        }
      }
    }
}
