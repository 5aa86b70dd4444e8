// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "crypto/tls_world.hpp"

#include <catch2/generators/catch_generators.hpp>

using namespace smgw;
using namespace smgw::crypto;
using namespace smgw::crypto::test;

namespace {

/// A curve whose identities speak TLS 1.2 only with every library here, and one that speaks TLS 1.3.
curve either() { return GENERATE(curve::brainpool_p256r1, curve::secp256r1); }

void refused_by_client(pair_of_sessions& pair, errc code) {
  CHECK_FALSE(pair.handshake());
  REQUIRE(pair.client.failure);
  CHECK(pair.client.failure->why.code == code);
  CHECK_FALSE(pair.client.failure->alert.empty());
  CHECK_FALSE(pair.client.failure->alert_from_peer);
  REQUIRE(pair.server.failure);  // the alert came out and arrived
  CHECK(pair.server.failure->alert_from_peer);
  CHECK(pair.server.failure->alert == pair.client.failure->alert);
}
void refused_by_server(pair_of_sessions& pair, errc code) {
  CHECK_FALSE(pair.handshake());
  REQUIRE(pair.server.failure);
  CHECK(pair.server.failure->why.code == code);
  CHECK_FALSE(pair.server.failure->alert_from_peer);
  REQUIRE(pair.client.failure);
  CHECK(pair.client.failure->alert_from_peer);
  CHECK(pair.client.failure->alert == pair.server.failure->alert);
}

}  // namespace

TEST_CASE("a stranger is refused in either role", "[tls][REQ.TA.TLS.Handshake.130][REQ.TA.TLS.Handshake.170]") {
  const auto on = either();
  const auto a = make_self_signed_party(on), b = make_self_signed_party(on), stranger = make_self_signed_party(on);
  SECTION("as server") {
    pair_of_sessions pair{config_of(tls_role::client, a, b), config_of(tls_role::server, stranger, a)};
    refused_by_client(pair, errc::untrusted);
    CHECK(pair.client.failure->alert == "bad_certificate");
  }
  SECTION("as client") {
    pair_of_sessions pair{config_of(tls_role::client, stranger, b), config_of(tls_role::server, b, a)};
    refused_by_server(pair, errc::untrusted);
    CHECK(pair.server.failure->alert == "bad_certificate");
  }
  CHECK(a.keys->counters().ephemerals_alive == 0);
  CHECK(b.keys->counters().ephemerals_alive == 0);
}

TEST_CASE("certificates out of their time are refused, unless there is no time",
          "[tls][REQ.TA.TLS.Handshake.20][REQ.TA.TLS.Handshake.160][REQ.TA.TLS.Handshake.170]") {
  const auto on = either();
  const auto a = make_self_signed_party(on), b = make_self_signed_party(on);
  auto c = config_of(tls_role::client, a, b);
  auto s = config_of(tls_role::server, b, a);
  const bool past = GENERATE(true, false);
  const auto now = past ? day_one + std::chrono::days{3000} : day_one - std::chrono::days{10};
  SECTION("by the client") {
    s.peer.check_time = false;
    pair_of_sessions pair{c, s};
    pair.now = now;
    refused_by_client(pair, errc::expired);
  }
  SECTION("by the server") {
    c.peer.check_time = false;
    pair_of_sessions pair{c, s};
    pair.now = now;
    refused_by_server(pair, errc::expired);
  }
  SECTION("not while there is no trusted time") {
    c.peer.check_time = s.peer.check_time = false;
    pair_of_sessions pair{c, s};
    pair.now = now;
    CHECK(pair.handshake());
  }
}

TEST_CASE("a client without certificate is refused where one is mandatory", "[tls]") {
  const auto on = either();
  const auto a = make_self_signed_party(on), b = make_self_signed_party(on);
  auto c = config_of(tls_role::client, a, b, tls_interface::han);
  auto s = config_of(tls_role::server, b, a, tls_interface::han);
  c.identity.reset();
  SECTION("mandatory") {
    pair_of_sessions pair{c, s};
    CHECK_FALSE(pair.handshake());
    REQUIRE(pair.server.failure);
    CHECK_FALSE(pair.server.session.established());
    CHECK(pair.server.failure->alert_from_peer == false);
  }
  SECTION("a HAN server may let it in, and knows that nobody is there") {
    s.peer.mandatory = false;
    pair_of_sessions pair{c, s};
    REQUIRE(pair.handshake());
    CHECK_FALSE(pair.server.session.summary()->peer);
    pair.talk();
  }
  SECTION("but one that shows a certificate shows the right one") {
    s.peer.mandatory = false;
    c.identity = make_self_signed_party(on).identity();
    pair_of_sessions pair{c, s};
    refused_by_server(pair, errc::untrusted);
  }
}

TEST_CASE("no suite, group or version in common ends the handshake", "[tls][REQ.TA.TLS.Handshake.30]") {
  const auto on = either();
  const auto a = make_self_signed_party(on), b = make_self_signed_party(on);
  auto c = config_of(tls_role::client, a, b);
  auto s = config_of(tls_role::server, b, a);
  SECTION("suite") {
    c.only_suites = {0xC023};
    s.only_suites = {0xC02C};
    pair_of_sessions pair{c, s};
    refused_by_server(pair, errc::unsupported);
    CHECK(pair.server.failure->alert == "handshake_failure");
  }
  SECTION("group") {
    c.only_groups = {curve::brainpool_p384r1};
    s.only_groups = {curve::secp384r1};
    pair_of_sessions pair{c, s};
    refused_by_server(pair, errc::unsupported);
  }
  SECTION("version") {
    if (!tls13_possible(on)) return;
    c.only_version = tls_version::tls13;
    s.only_version = tls_version::tls12;
    pair_of_sessions pair{c, s};
    refused_by_server(pair, errc::unsupported);
    CHECK(pair.server.failure->alert == "protocol_version");
  }
}

TEST_CASE("nothing below TLS 1.2", "[tls][REQ.TA.TLS.Handshake.10]") {
  const auto on = either();
  const auto a = make_self_signed_party(on), b = make_self_signed_party(on);
  auto c = config_of(tls_role::client, a, b);
  c.only_version = tls_version::tls12;
  pair_of_sessions pair{c, config_of(tls_role::server, b, a)};
  SECTION("a ClientHello of TLS 1.1") {
    pair.bend = [](bool from_client, std::size_t at, bytes data) {
      // record header 5, handshake header 4, then the version; supported_versions may repeat it and is spoilt too
      if (from_client && at == 0) {
        data.at(10) = 2;
        for (std::size_t i = 11; i + 6 < data.size(); ++i)
          if (data[i] == 0 && data[i + 1] == 43 && data[i + 2] == 0 && data[i + 4] + 1 == data[i + 3])
            for (std::size_t k = i + 6; k < i + 5 + data[i + 4]; k += 2) data[k] = 2;
      }
      return data;
    };
    CHECK_FALSE(pair.handshake());
    REQUIRE(pair.server.failure);
    CHECK(pair.server.failure->alert == "protocol_version");
  }
  SECTION("a ServerHello of TLS 1.1") {
    pair.bend = [](bool from_client, std::size_t at, bytes data) {
      if (!from_client && at == 0) data.at(10) = 2;
      return data;
    };
    CHECK_FALSE(pair.handshake());
    CHECK(pair.client.failure);
  }
}

TEST_CASE("application data before the end of the handshake closes the connection",
          "[tls][REQ.TA.TLS.Close.10][REQ.TA.TLS.Close.60]") {
  const auto on = either();
  const auto a = make_self_signed_party(on), b = make_self_signed_party(on);
  auto server = endpoint{must(tls_session::create(config_of(tls_role::server, b, a)))};
  server.take(must(server.session.start(day_one)));
  SECTION("as the first record") {
    server.take(must(server.session.feed(bytes{23, 3, 3, 0, 4, 'd', 'a', 't', 'a'}, day_one)));
  }
  SECTION("after the first flight") {
    auto client = endpoint{must(tls_session::create(config_of(tls_role::client, a, b)))};
    server.take(must(server.session.feed(client.take(must(client.session.start(day_one))), day_one)));
    REQUIRE_FALSE(server.failure);
    server.take(must(server.session.feed(bytes{23, 3, 3, 0, 4, 'd', 'a', 't', 'a'}, day_one)));
  }
  REQUIRE(server.failure);
  CHECK(server.received.empty());
  CHECK(server.session.over());
  CHECK(server.session.send(bytes{1}).error().code == errc::conflict);
  CHECK(b.keys->counters().ephemerals_alive == 0);
}

TEST_CASE("a fatal alert ends the session at once", "[tls][REQ.TA.TLS.Close.10][REQ.TA.TLS.Close.40]") {
  const auto a = make_self_signed_party(curve::brainpool_p256r1), b = make_self_signed_party(curve::brainpool_p256r1);
  auto config = config_of(tls_role::client, a, b);
  config.only_version = tls_version::tls12;
  auto client = endpoint{must(tls_session::create(config))};
  client.take(must(client.session.start(day_one)));
  CHECK(a.keys->counters().ephemerals_alive == 0);  // TLS 1.2: not before the server has chosen
  const std::uint8_t alert = GENERATE(std::uint8_t{10}, std::uint8_t{40}, std::uint8_t{42}, std::uint8_t{70},
                                      std::uint8_t{80}, std::uint8_t{110});
  client.take(must(client.session.feed(bytes{21, 3, 3, 0, 2, 2, alert}, day_one)));
  REQUIRE(client.failure);
  CHECK(client.failure->alert_from_peer);
  CHECK(client.failure->why.code == errc::denied);
  CHECK(client.session.over());
}

TEST_CASE("a client on WAN or LMN wants to be asked for its certificate", "[tls]") {
  // Only the HAN knows servers that do not ask, and this code cannot make one, so the request is cut out of the
  // server's flight: a server that is not the one configured could do just that.
  const auto a = make_self_signed_party(curve::brainpool_p256r1), b = make_self_signed_party(curve::brainpool_p256r1);
  auto c = config_of(tls_role::client, a, b);
  c.only_version = tls_version::tls12;  // in TLS 1.3 the request is encrypted
  pair_of_sessions pair{c, config_of(tls_role::server, b, a)};
  pair.bend = [](bool from_client, std::size_t, bytes data) {
    if (from_client) return data;
    bytes out;
    for (bytes_view rest = data; rest.size() > 5;) {
      const std::size_t size = 5u + (std::size_t{rest[3]} << 8 | rest[4]);
      if (rest[0] != 22 || rest[5] != 13) out.insert(out.end(), rest.begin(), rest.begin() + static_cast<long>(size));
      rest = rest.subspan(size);
    }
    return out;
  };
  CHECK_FALSE(pair.handshake());
  REQUIRE(pair.client.failure);
  CHECK(pair.client.failure->why.code == errc::denied);
  CHECK(pair.client.failure->alert == "handshake_failure");
}

TEST_CASE("configurations that contradict themselves are refused before anything is sent", "[tls]") {
  const auto a = make_self_signed_party(curve::brainpool_p256r1), b = make_self_signed_party(curve::brainpool_p256r1);
  const auto code = [&](auto change, tls_interface i = tls_interface::lmn, tls_role r = tls_role::client) {
    auto c = config_of(r, a, b, i);
    change(c);
    const auto made = tls_session::create(c);
    return made ? errc{} : made.error().code;
  };
  CHECK(code([](auto&) {}) == errc{});
  CHECK(code([](auto& c) { c.identity.reset(); }) == errc::malformed);
  CHECK(code([](auto& c) { c.identity.reset(); }, tls_interface::wan) == errc::malformed);
  CHECK(code([](auto& c) { c.identity.reset(); }, tls_interface::han) == errc{});
  CHECK(code([](auto& c) { c.identity.reset(); }, tls_interface::han, tls_role::server) == errc::malformed);
  CHECK(code([](auto& c) { c.peer.pinned.clear(); }) == errc::malformed);
  CHECK(code([&](auto& c) { c.peer.anchors = std::exchange(c.peer.pinned, {}); }) ==
        errc::malformed);  // the LMN has no PKI
  CHECK(code([](auto& c) { c.peer.mandatory = false; }) == errc::malformed);
  CHECK(code([](auto& c) { c.peer.mandatory = false; }, tls_interface::wan) == errc::malformed);
  CHECK(code([](auto& c) { c.server_name = "two words"; }) == errc::malformed);
  CHECK(code([](auto& c) { c.alpn = {""}; }) == errc::malformed);
  CHECK(code([](auto& c) { c.only_suites = {0xCCA9}; }) == errc::malformed);
  CHECK(code([](auto& c) { c.identity->chain.clear(); }) == errc::malformed);
  CHECK(code([](auto& c) { c.identity->label = "none"; }) == errc::conflict);
  CHECK(code([&](auto& c) { c.identity->chain = b.chain; }) == errc::conflict);
  auto session = must(tls_session::create(config_of(tls_role::client, a, b)));
  CHECK(session.feed(bytes{1}, day_one).error().code == errc::conflict);
  must(session.start(day_one));
  CHECK(session.start(day_one).error().code == errc::conflict);
  CHECK(session.send(bytes{1}).error().code == errc::conflict);
}

TEST_CASE("a handshake has an end, and a send has a size", "[tls]") {
  const auto a = make_self_signed_party(curve::brainpool_p256r1), b = make_self_signed_party(curve::brainpool_p256r1);
  auto server = endpoint{must(tls_session::create(config_of(tls_role::server, b, a)))};
  server.take(must(server.session.start(day_one)));
  // A handshake message that says it is long and never ends.
  bytes record{22, 3, 3, 0x10, 0x04, 1, 0x00, 0xff, 0xff};
  record.resize(5 + 0x1004, 0);
  for (int i = 0; i < 20 && !server.failure; ++i) {
    auto out = server.session.feed(record, day_one);
    if (out) server.take(*std::move(out));
  }
  REQUIRE(server.failure);
  pair_of_sessions pair{config_of(tls_role::client, a, b), config_of(tls_role::server, b, a)};
  REQUIRE(pair.handshake());
  CHECK(pair.client.session.send(bytes(max_send + 1)).error().code == errc::exhausted);
  CHECK(must(pair.client.session.send({})).empty());
}

TEST_CASE("the trust of a WAN peer: its chain, its certificate, or both", "[tls][REQ.TA.TLS.Handshake.160]") {
  auto keys = soft_key_store::in_memory();
  std::shared_ptr<soft_key_store> shared = std::move(keys);
  const auto root = must(certificate_authority::make_root(shared, "root", curve::brainpool_p384r1,
                                                          {.subject = {.common_name = "Root.CA",
                                                                       .organisation = {},
                                                                       .organisational_unit = {},
                                                                       .country = {},
                                                                       .serial_number = {}},
                                                           .not_before = day_one - std::chrono::hours{1},
                                                           .not_after = day_one + std::chrono::days{3000}}));
  const auto party_of = [&](std::string name) {
    auto certificates = must(make_party(
        root, *shared,
        {.key_prefix = name + ".",
         .subject =
             {.common_name = name, .organisation = {}, .organisational_unit = {}, .country = {}, .serial_number = {}},
         .not_before = day_one - std::chrono::hours{1},
         .not_after = day_one + std::chrono::days{365},
         .alternative_dns = {}}));
    return party{.keys = shared, .label = name + ".tls", .chain = {certificates.tls}};
  };
  const auto gateway = party_of("gateway"), admin = party_of("admin"), market = party_of("market");
  auto c = config_of(tls_role::client, gateway, admin, tls_interface::wan);
  auto s = config_of(tls_role::server, admin, gateway, tls_interface::wan);
  c.server_name = "gwa.example";
  s.peer = {.pinned = {}, .anchors = {root.own()}};
  SECTION("chain") {
    c.peer = {.pinned = {}, .anchors = {root.own()}};
    pair_of_sessions pair{c, s};
    CHECK(pair.handshake());
  }
  SECTION("certificate and chain") {
    c.peer.anchors = {root.own()};
    pair_of_sessions pair{c, s};
    CHECK(pair.handshake());
  }
  SECTION("a chain that is right does not help another certificate") {
    c.peer.anchors = {root.own()};
    c.peer.pinned = {market.own()};
    pair_of_sessions pair{c, s};
    refused_by_client(pair, errc::untrusted);
  }
  SECTION("a certificate that is right does not help a chain to another root") {
    c.peer.anchors = {make_self_signed_party(curve::brainpool_p256r1).own()};
    pair_of_sessions pair{c, s};
    refused_by_client(pair, errc::untrusted);
  }
  SECTION("two anchors during a change of the root are named to the peer", "") {
    const auto other = must(certificate_authority::make_root(shared, "root2", curve::brainpool_p512r1,
                                                             {.subject = {.common_name = "Root2.CA",
                                                                          .organisation = {},
                                                                          .organisational_unit = {},
                                                                          .country = {},
                                                                          .serial_number = {}},
                                                              .not_before = day_one - std::chrono::hours{1},
                                                              .not_after = day_one + std::chrono::days{3000}}));
    c.peer = {.pinned = {}, .anchors = {root.own(), other.own()}};
    s.peer = c.peer;
    s.only_version = tls_version::tls12;  // in TLS 1.3 the server's list is encrypted
    pair_of_sessions pair{c, s};
    bytes seen[2];
    pair.bend = [&](bool from_client, std::size_t, bytes data) {
      auto& all = seen[from_client ? 0 : 1];
      all.insert(all.end(), data.begin(), data.end());
      return data;
    };
    CHECK(pair.handshake());
    const auto& name = other.own().subject;
    // trusted_ca_keys in the ClientHello, certificate_authorities in the CertificateRequest (Handshake.140, .145).
    CHECK_FALSE(std::ranges::search(seen[0], name).empty());
    CHECK_FALSE(std::ranges::search(seen[1], name).empty());
  }
  SECTION("certificates for encryption do not open TLS") {
    auto wrong = gateway;
    wrong.label = "gateway.enc";
    const auto request = must(parse_request(must(make_request(*shared, "gateway.enc",
                                                              {.common_name = "gateway",
                                                               .organisation = {},
                                                               .organisational_unit = {},
                                                               .country = {},
                                                               .serial_number = {}}))));
    wrong.chain = {must(root.issue(request, {.use = sm_pki_use::encryption,
                                             .not_before = day_one - std::chrono::hours{1},
                                             .not_after = day_one + std::chrono::days{30},
                                             .alternative_dns = {}}))};
    c.identity = wrong.identity();
    pair_of_sessions pair{c, s};
    CHECK_FALSE(pair.handshake());
    CHECK(pair.server.failure);
  }
}
