// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "base/hex.hpp"
#include "crypto/tls_world.hpp"

#include <catch2/generators/catch_generators.hpp>

using namespace smgw;
using namespace smgw::crypto;
using namespace smgw::crypto::test;

TEST_CASE("both sides agree on every curve with every suite of TLS 1.2",
          "[tls][REQ.TA.TLS.Handshake.10][REQ.TA.TLS.Handshake.30][REQ.TA.TLS.Handshake.50]"
          "[REQ.TA.TLS.OpenWanSessionAsClient.20][REQ.TA.TLS.OpenHanSessionAsClient.20]"
          "[REQ.TA.TLS.OpenLmnSessionAsClient.40][REQ.TA.TLS.OpenLmnSessionAsServer.20]") {
  const auto on = GENERATE(curve::brainpool_p256r1, curve::brainpool_p384r1, curve::brainpool_p512r1, curve::secp256r1,
                           curve::secp384r1);
  const auto gateway = make_self_signed_party(on, "egwy0012345678.sm");
  const auto meter = make_self_signed_party(on);
  for (const std::uint16_t suite : std::initializer_list<std::uint16_t>{0xC023, 0xC02B, 0xC024, 0xC02C}) {
    auto c = config_of(tls_role::client, gateway, meter);
    auto s = config_of(tls_role::server, meter, gateway);
    c.only_version = tls_version::tls12;
    c.only_suites = {suite};
    c.only_groups = {on};
    pair_of_sessions pair{c, s};
    INFO(to_string(on) << " " << suite);
    REQUIRE(pair.handshake());
    const auto& summary = *pair.client.session.summary();
    CHECK(summary.version == tls_version::tls12);
    CHECK(summary.suite == suite);
    CHECK(summary.group == to_string(on));
    CHECK(summary.peer == meter.own());
    CHECK(pair.server.session.summary()->peer == gateway.own());
    CHECK_FALSE(summary.resumed);
    pair.talk();
  }
  CHECK(gateway.keys->counters().ephemerals_made == 4);
  CHECK(gateway.keys->counters().agreed == 4);
  CHECK(gateway.keys->counters().ephemerals_alive == 0);
  CHECK(meter.keys->counters().ephemerals_alive == 0);
}

TEST_CASE("TLS 1.3 with every suite and every group, for identities that can",
          "[tls][REQ.TA.TLS.Handshake.70][REQ.TA.TLS.OpenWanSessionAsClient.10][REQ.TA.TLS.OpenHanSessionAsClient.10]"
          "[REQ.TA.TLS.OpenHanSessionAsServer.10][REQ.TA.TLS.OpenLmnSessionAsClient.10]"
          "[REQ.TA.TLS.OpenLmnSessionAsServer.10]") {
  const auto on = GENERATE(curve::secp256r1, curve::secp384r1, curve::brainpool_p256r1, curve::brainpool_p384r1,
                           curve::brainpool_p512r1);
  const auto gateway = make_self_signed_party(on, "egwy0012345678.sm");
  const auto meter = make_self_signed_party(on);
  auto c = config_of(tls_role::client, gateway, meter);
  auto s = config_of(tls_role::server, meter, gateway);
  if (!tls13_possible(on)) {
    // The pair falls back to TLS 1.2, and TLS 1.3 alone is refused at once instead of failing in the handshake.
    pair_of_sessions pair{c, s};
    REQUIRE(pair.handshake());
    CHECK(pair.client.session.summary()->version == tls_version::tls12);
    c.only_version = tls_version::tls13;
    CHECK(tls_session::create(c).error().code == errc::unsupported);
    return;
  }
  for (const std::uint16_t suite : std::initializer_list<std::uint16_t>{0x1301, 0x1302, 0x1304})
    for (const auto group : all_curves) {
      c.only_suites = {suite};
      c.only_groups = {group};
      pair_of_sessions pair{c, s};
      INFO(to_string(on) << " " << suite << " " << to_string(group));
      REQUIRE(pair.handshake());
      CHECK(pair.client.session.summary()->version == tls_version::tls13);
      CHECK(pair.client.session.summary()->suite == suite);
      CHECK(pair.client.session.summary()->group == to_string(group));
      CHECK(pair.server.session.summary()->peer == gateway.own());
      pair.talk();
    }
  CHECK(gateway.keys->counters().ephemerals_alive == 0);
  CHECK(meter.keys->counters().ephemerals_alive == 0);
}

TEST_CASE("a TLS 1.3 client and a TLS 1.2 server meet at TLS 1.2, and the other way round",
          "[tls][REQ.TA.TLS.Handshake.180][REQ.TA.TLS.Handshake.190]") {
  const auto a = make_self_signed_party(curve::secp256r1), b = make_self_signed_party(curve::secp256r1);
  const bool old_server = GENERATE(true, false);
  auto c = config_of(tls_role::client, a, b);
  auto s = config_of(tls_role::server, b, a);
  (old_server ? s : c).allow_tls13 = false;
  pair_of_sessions pair{c, s};
  REQUIRE(pair.handshake());
  CHECK(pair.client.session.summary()->version == tls_version::tls12);
  // TLS 1.2 has numbers of its own for the Brainpool curves; the largest both know is taken.
  CHECK(pair.client.session.summary()->group == "brainpoolP512r1");
  pair.talk();
}

TEST_CASE("octet by octet is as good as all at once", "[tls]") {
  const auto on = GENERATE(curve::brainpool_p256r1, curve::secp256r1);
  const auto a = make_self_signed_party(on), b = make_self_signed_party(on);
  pair_of_sessions pair{config_of(tls_role::client, a, b), config_of(tls_role::server, b, a)};
  pair.chunk = 1;
  REQUIRE(pair.handshake());
  pair.talk();
}

TEST_CASE("close_notify ends both sides", "[tls][REQ.TA.TLS.Close.30][REQ.TA.TLS.Close.40]") {
  const auto on = GENERATE(curve::brainpool_p256r1, curve::secp256r1);
  const auto a = make_self_signed_party(on), b = make_self_signed_party(on);
  pair_of_sessions pair{config_of(tls_role::client, a, b), config_of(tls_role::server, b, a)};
  REQUIRE(pair.handshake());
  const auto goodbye = pair.client.session.close();
  REQUIRE_FALSE(goodbye.empty());
  CHECK(pair.client.session.over());
  CHECK(pair.client.session.send(bytes{1}).error().code == errc::conflict);
  pair.pump(true, goodbye);
  CHECK(pair.server.closed);
  CHECK_FALSE(pair.server.failure);
  CHECK(pair.server.session.over());
  CHECK(pair.server.session.feed(bytes{1}, day_one).error().code == errc::conflict);
  CHECK(pair.client.session.close().empty());
}

TEST_CASE("the certificate's key signs in the store, once per side and handshake", "[tls]") {
  const auto a = make_self_signed_party(curve::brainpool_p256r1), b = make_self_signed_party(curve::brainpool_p256r1);
  const auto before = a.keys->counters();
  pair_of_sessions pair{config_of(tls_role::client, a, b), config_of(tls_role::server, b, a)};
  REQUIRE(pair.handshake());
  const auto after = a.keys->counters();
  CHECK(after.signed_digests - before.signed_digests == 1);
  CHECK(after.ephemerals_made - before.ephemerals_made == 1);
  CHECK(after.agreed - before.agreed == 1);
  CHECK(after.ephemerals_alive == 0);
}

TEST_CASE("application protocols", "[tls][REQ.TA.TLS.OpenLmnSessionAsClient.30]") {
  const auto on = GENERATE(curve::brainpool_p256r1, curve::secp256r1);
  const auto a = make_self_signed_party(on), b = make_self_signed_party(on);
  auto c = config_of(tls_role::client, a, b);
  auto s = config_of(tls_role::server, b, a);
  c.alpn = {"sml/2", "sml/1"};
  SECTION("the server prefers its own order") {
    s.alpn = {"sml/1", "sml/2"};
    pair_of_sessions pair{c, s};
    REQUIRE(pair.handshake());
    CHECK(pair.client.session.summary()->alpn == "sml/1");
    CHECK(pair.server.session.summary()->alpn == "sml/1");
  }
  SECTION("a server without any does not mind") {
    pair_of_sessions pair{c, s};
    REQUIRE(pair.handshake());
    CHECK(pair.client.session.summary()->alpn.empty());
  }
  SECTION("nothing in common is refused") {
    s.alpn = {"http/1.1"};
    pair_of_sessions pair{c, s};
    CHECK_FALSE(pair.handshake());
    REQUIRE(pair.server.failure);
    CHECK(pair.server.failure->alert == "no_application_protocol");
    REQUIRE(pair.client.failure);
    CHECK(pair.client.failure->alert_from_peer);
  }
}

TEST_CASE("records of TLS over HDLC fit a frame", "[tls][REQ.TLSHDLC.SMGW.40]") {
  const auto a = make_self_signed_party(curve::brainpool_p512r1), b = make_self_signed_party(curve::brainpool_p512r1);
  auto c = config_of(tls_role::client, a, b);
  auto s = config_of(tls_role::server, b, a);
  c.max_fragment_length = s.max_fragment_length = true;
  // A long chain, so that the Certificate message does not fit one record.
  for (auto* config : {&c, &s})
    for (int i = 0; i < 3; ++i) config->identity->chain.push_back(config->identity->chain.front());
  c.only_suites = {GENERATE(std::uint16_t{0xC024}, std::uint16_t{0xC02C})};
  pair_of_sessions pair{c, s};
  std::size_t largest = 0, cut = 0;
  pair.bend = [&](bool, std::size_t, bytes data) {
    for (bytes_view rest = data; rest.size() > 5;) {
      const std::size_t size = 5u + (std::size_t{rest[3]} << 8 | rest[4]);
      largest = std::max(largest, size);
      if (rest[0] == 22 && size > 1500) ++cut;
      rest = rest.subspan(std::min(size, rest.size()));
    }
    return data;
  };
  REQUIRE(pair.handshake());
  pair.pump(true, must(pair.client.session.send(bytes(10'000, 'x'))));
  CHECK(pair.server.received.size() == 10'000);
  CHECK(largest <= 2034);
  CHECK(largest > 1900);
}
