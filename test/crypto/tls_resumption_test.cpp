// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "crypto/tls_world.hpp"

#include <catch2/generators/catch_generators.hpp>

using namespace smgw;
using namespace smgw::crypto;
using namespace smgw::crypto::test;

namespace {

struct resuming {
  curve on;
  party a, b;
  tls_config c, s;
  std::shared_ptr<tls_session_cache> client_cache = std::make_shared<tls_session_cache>();
  std::shared_ptr<tls_session_cache> server_cache = std::make_shared<tls_session_cache>();
  timestamp now = day_one;

  explicit resuming(curve which, tls_interface interface = tls_interface::lmn)
      : on(which), a(make_self_signed_party(on)), b(make_self_signed_party(on)) {
    c = config_of(tls_role::client, a, b, interface);
    s = config_of(tls_role::server, b, a, interface);
    c.cache = client_cache;
    s.cache = server_cache;
  }
  /// One connection; whether it was resumed.
  bool connect() {
    pair_of_sessions pair{c, s};
    pair.now = now;
    REQUIRE(pair.handshake());
    pair.talk();
    CHECK(pair.client.session.summary()->resumed == pair.server.session.summary()->resumed);
    CHECK(pair.client.session.summary()->peer == b.own());
    CHECK(pair.server.session.summary()->peer == a.own());
    CHECK(pair.client.session.summary()->started == pair.server.session.summary()->started);
    started = pair.client.session.summary()->started;
    pair.pump(true, pair.client.session.close());
    return pair.client.session.summary()->resumed;
  }
  timestamp started{};
};

constexpr auto hour = std::chrono::hours{1};

/// Makes a length of `octets` octets at `at` longer by `more`.
void lengthen(bytes& message, std::size_t at, std::size_t octets, std::size_t more) {
  std::size_t length = 0;
  for (std::size_t i = 0; i < octets; ++i) length = length << 8 | message.at(at + i);
  length += more;
  for (std::size_t i = octets; i-- > 0; length >>= 8) message.at(at + i) = static_cast<std::uint8_t>(length);
}

/// A flight of a server whose ServerHello, the first message of the first record, has one more extension.
bytes with_extension(bytes flight, bytes_view extension) {
  constexpr std::size_t session_id = 5 + 4 + 2 + 32;  // record, handshake, version, random
  const auto extensions = session_id + 1 + flight.at(session_id) + 2 + 1;
  lengthen(flight, 3, 2, extension.size());
  lengthen(flight, 6, 3, extension.size());
  lengthen(flight, extensions, 2, extension.size());
  flight.insert(flight.begin() + static_cast<std::ptrdiff_t>(extensions + 2), extension.begin(), extension.end());
  return flight;
}

}  // namespace

TEST_CASE("sessions are resumed without a touch of the certificate's key",
          "[tls][REQ.TA.TLS.OpenWanSessionAsClient.50][REQ.TA.TLS.OpenWanSessionAsClient.60]"
          "[REQ.TA.TLS.OpenLmnSessionAsClient.60][REQ.TA.TLS.OpenLmnSessionAsClient.70]"
          "[REQ.TA.TLS.OpenLmnSessionAsServer.30][REQ.TA.TLS.OpenLmnSessionAsServer.40]") {
  resuming r{GENERATE(curve::brainpool_p256r1, curve::secp256r1)};
  CHECK_FALSE(r.connect());
  const auto before = r.a.keys->counters();
  CHECK(r.connect());
  CHECK(r.a.keys->counters().signed_digests == before.signed_digests);
  CHECK(r.connect());
  CHECK(r.started == day_one);
  r.client_cache->clear();
  CHECK_FALSE(r.connect());
  r.server_cache->clear();
  CHECK_FALSE(r.connect());  // the client offers, the server has forgotten
}

TEST_CASE("TLS 1.2: a client ends a resumption in which the server sends an extension of RFC 6066",
          "[tls][REQ.TA.TLS.Handshake.110]") {
  resuming r{curve::brainpool_p256r1};
  r.c.max_fragment_length = true;  // what the client asked for is refused too, once the session is resumed
  CHECK_FALSE(r.connect());
  // server_name, empty; max_fragment_length of 2^11; trusted_ca_keys, empty
  for (const auto& extension : {bytes{0, 0, 0, 0}, bytes{0, 1, 0, 1, 3}, bytes{0, 3, 0, 0}}) {
    REQUIRE(r.connect());
    pair_of_sessions pair{r.c, r.s};
    pair.bend = [&](bool from_client, std::size_t so_far, bytes flight) {
      return from_client || so_far > 0 ? flight : with_extension(std::move(flight), extension);
    };
    CHECK_FALSE(pair.handshake());
    REQUIRE(pair.client.failure);
    CHECK_FALSE(pair.client.failure->alert_from_peer);
    CHECK(pair.client.failure->alert == "unsupported_extension");
    // A session that a fatal alert ended is not resumed again (RFC 5246, 7.2.2): begin anew.
    r.client_cache->clear();
    r.server_cache->clear();
    CHECK_FALSE(r.connect());
  }
}

TEST_CASE("without a cache nothing is resumed", "[tls]") {
  resuming r{GENERATE(curve::brainpool_p256r1, curve::secp256r1)};
  (GENERATE(true, false) ? r.c : r.s).cache = nullptr;
  CHECK_FALSE(r.connect());
  CHECK_FALSE(r.connect());
}

TEST_CASE("a chain of resumptions ends with the lifetime of its first session", "[tls]") {
  resuming r{GENERATE(curve::brainpool_p256r1, curve::secp256r1), tls_interface::han};
  CHECK_FALSE(r.connect());
  for (int i = 0; i < 4; ++i) {  // each within the ticket's own lifetime, counted anew
    r.now += 10 * hour;
    CHECK(r.connect());
    CHECK(r.started == day_one);
  }
  r.now = day_one + 48 * hour;
  CHECK_FALSE(r.connect());
  CHECK(r.started == r.now);
}

TEST_CASE("an open session ends with its lifetime", "[tls]") {
  const auto on = GENERATE(curve::brainpool_p256r1, curve::secp256r1);
  resuming r{on, tls_interface::han};
  r.c.lifetime = 2 * hour;
  r.s.lifetime = 1000 * hour;  // more than the rules allow
  pair_of_sessions pair{r.c, r.s};
  REQUIRE(pair.handshake());
  CHECK(pair.client.session.summary()->expires == day_one + 2 * hour);
  CHECK(pair.server.session.summary()->expires == day_one + 48 * hour);
  CHECK(must(pair.client.session.tick(day_one + hour)).transmit.empty());
  SECTION("by the clock") {
    auto out = must(pair.client.session.tick(day_one + 2 * hour));
    REQUIRE(out.failure);
    CHECK(out.failure->why.code == errc::expired);
    pair.pump(true, std::move(out.transmit));
    CHECK(pair.server.closed);
  }
  SECTION("when the peer speaks") {
    const auto late = must(pair.server.session.send(bytes{'x'}));
    const auto out = must(pair.client.session.feed(late, day_one + 2 * hour));
    REQUIRE(out.failure);
    CHECK(out.failure->why.code == errc::expired);
    CHECK(out.plaintext.empty());
    CHECK_FALSE(out.transmit.empty());
  }
  CHECK(pair.client.session.over());
  CHECK(must(pair.client.session.tick(day_one + 5 * hour)).transmit.empty());
}

TEST_CASE("a resumed peer is checked as a new one is", "[tls][REQ.TA.TLS.Handshake.20]") {
  const auto on = GENERATE(curve::brainpool_p256r1, curve::secp256r1);
  resuming r{on, tls_interface::han};
  r.a = make_self_signed_party(on, "a.sm", day_one - hour, std::chrono::days{1});
  r.c = config_of(tls_role::client, r.a, r.b, tls_interface::han);
  r.s = config_of(tls_role::server, r.b, r.a, tls_interface::han);
  r.c.cache = r.client_cache;
  r.s.cache = r.server_cache;
  CHECK_FALSE(r.connect());
  r.now = day_one + 30 * hour;  // within the session's 48 h, past the certificate's validity
  pair_of_sessions pair{r.c, r.s};
  pair.now = r.now;
  CHECK_FALSE(pair.handshake());
  REQUIRE(pair.server.failure);
  CHECK(pair.server.failure->why.code == errc::expired);
}

TEST_CASE("sessions do not cross peers, identities or interfaces", "[tls]") {
  const auto on = GENERATE(curve::brainpool_p256r1, curve::secp256r1);
  resuming r{on};
  CHECK_FALSE(r.connect());
  SECTION("another peer is configured") {
    const auto other = make_self_signed_party(on);
    auto c = config_of(tls_role::client, r.a, other);
    c.cache = r.client_cache;
    pair_of_sessions pair{c, r.s};
    CHECK_FALSE(pair.handshake());
    CHECK(pair.client.failure);
  }
  SECTION("another client is expected, the cache is the same") {
    const auto other = make_self_signed_party(on);
    auto s = config_of(tls_role::server, r.b, other);
    s.cache = r.server_cache;
    pair_of_sessions pair{r.c, s};
    CHECK_FALSE(pair.handshake());
    REQUIRE(pair.server.failure);
    CHECK(pair.server.failure->why.code == errc::untrusted);
  }
  SECTION("another interface") {
    r.c.interface = r.s.interface = tls_interface::han;
    CHECK_FALSE(r.connect());
  }
}

TEST_CASE("the cache is bounded", "[tls]") {
  resuming r{curve::brainpool_p256r1};
  r.server_cache = r.s.cache = std::make_shared<tls_session_cache>(3);
  for (int i = 0; i < 6; ++i) {
    r.client_cache->clear();
    CHECK_FALSE(r.connect());
  }
  CHECK(r.server_cache->size() == 3);
}

TEST_CASE("an LMN session carries 5 MB, resumptions included", "[tls][REQ.TLSHDLC.SMGW.40]") {
  resuming r{curve::secp256r1};
  const bytes megabyte(1'000'000, 'x');
  const auto move_some = [&](int megabytes, pair_of_sessions& pair) {
    for (int i = 0; i < megabytes; ++i) {
      auto sent = pair.client.session.send(megabyte);
      if (!sent) return sent.error().code;
      pair.pump(true, *std::move(sent));
    }
    return errc{};
  };
  {
    pair_of_sessions pair{r.c, r.s};
    REQUIRE(pair.handshake());
    CHECK(move_some(3, pair) == errc{});
    CHECK(pair.server.received.size() == 3'000'000);
    pair.pump(true, pair.client.session.close());
  }
  pair_of_sessions pair{r.c, r.s};
  REQUIRE(pair.handshake());
  REQUIRE(pair.client.session.summary()->resumed);
  CHECK(move_some(3, pair) == errc::exhausted);
  CHECK(pair.server.received.size() == 2'000'000);
  // HAN and WAN have no such limit.
  resuming han{curve::secp256r1, tls_interface::han};
  pair_of_sessions free{han.c, han.s};
  REQUIRE(free.handshake());
  CHECK(move_some(6, free) == errc{});
}
