// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

// What goes over the wire in the first messages of a handshake, read octet by octet.
#include "tls_hello.hpp"

#include <algorithm>

using namespace smgw;
using namespace smgw::crypto;
using namespace smgw::crypto::test;

namespace {

constexpr std::uint16_t ext_server_name = 0, ext_trusted_ca_keys = 3, ext_groups = 10, ext_authorities = 47;

bool holds(bytes_view where, bytes_view what) { return !std::ranges::search(where, what).empty(); }

unsigned bits_of(std::uint16_t group) {
  switch (group) {
    case 28:
    case 33: return 512;
    case 24:
    case 27:
    case 32: return 384;
    case 23:
    case 26:
    case 31: return 256;
    default: return 0;
  }
}

}  // namespace

TEST_CASE("TLS: groups with longer keys stand first", "[REQ.TA.TLS.Handshake.60]") {
  for (const auto on : {curve::brainpool_p256r1, curve::secp256r1}) {
    const auto a = make_self_signed_party(on), b = make_self_signed_party(on);
    for (const auto i : {tls_interface::wan, tls_interface::han, tls_interface::lmn}) {
      const auto groups = hello_of(config_of(tls_role::client, a, b, i)).extensions.at(ext_groups);
      unsigned before = 1000;
      for (std::size_t at = 2; at + 1 < groups.size(); at += 2) {
        const auto bits = bits_of(load_be<std::uint16_t>(groups.data() + at));
        CHECK(bits != 0);
        CHECK(bits <= before);
        before = bits;
      }
    }
  }
}

TEST_CASE("TLS: the first octets of the client's random are no time", "[REQ.TA.TLS.Handshake.120]") {
  const auto a = make_self_signed_party(curve::brainpool_p256r1), b = make_self_signed_party(curve::brainpool_p256r1);
  const auto now =
      static_cast<std::uint32_t>(std::chrono::floor<std::chrono::seconds>(day_one).time_since_epoch().count());
  std::uint32_t last = now;
  for (int i = 0; i < 4; ++i) {
    const auto first = load_be<std::uint32_t>(hello_of(config_of(tls_role::client, a, b)).random.data());
    CHECK((first > now + 86'400 || first + 86'400 < now));
    CHECK(first != last);
    last = first;
  }
}

TEST_CASE("TLS: a client with more than one CA names them; with one it does not",
          "[REQ.TA.TLS.Handshake.140][REQ.TA.TLS.Handshake.150]") {
  const auto one = authority("One.CA").own(), two = authority("Two.CA").own();
  for (const auto on : {curve::brainpool_p256r1, curve::secp256r1}) {
    const auto a = make_self_signed_party(on);
    auto c = config_of(tls_role::client, a, a, tls_interface::wan);
    c.peer.pinned.clear();
    c.peer.anchors = {one, two};
    // TLS 1.3 is spoken where the identity's curve allows it.
    const auto id = tls13_possible(on) ? ext_authorities : ext_trusted_ca_keys;
    const auto both = hello_of(c);
    REQUIRE(both.extensions.contains(id));
    CHECK(holds(both.extensions.at(id), one.subject));
    CHECK(holds(both.extensions.at(id), two.subject));
    c.peer.anchors = {one};
    CHECK_FALSE(hello_of(c).extensions.contains(id));
  }
}

TEST_CASE("TLS 1.2: a server with more than one CA names them when it asks for a certificate",
          "[REQ.TA.TLS.Handshake.145]") {
  const auto one = authority("One.CA").own(), two = authority("Two.CA").own();
  const auto client = make_self_signed_party(curve::brainpool_p256r1),
             server = make_self_signed_party(curve::brainpool_p256r1, "1emh0010482202.sm");
  auto s = config_of(tls_role::server, server, client, tls_interface::han);
  s.peer.pinned.clear();
  s.peer.anchors = {one, two};
  auto c = config_of(tls_role::client, client, server, tls_interface::han);
  c.only_version = tls_version::tls12;
  auto client_side = must(tls_session::create(c)), server_side = must(tls_session::create(s));
  (void)must(server_side.start(day_one));
  const auto flight = must(server_side.feed(must(client_side.start(day_one)).transmit, day_one)).transmit;
  CHECK(holds(flight, one.subject));
  CHECK(holds(flight, two.subject));
}

TEST_CASE("TLS 1.3: the server's name of the profile goes out on WAN and home network",
          "[REQ.TA.TLS.OpenWanSessionAsClient.30][REQ.TA.TLS.OpenHanSessionAsClient.30]") {
  const auto a = make_self_signed_party(curve::secp256r1), b = make_self_signed_party(curve::secp256r1);
  for (const auto i : {tls_interface::wan, tls_interface::han}) {
    auto c = config_of(tls_role::client, a, b, i);
    CHECK_FALSE(hello_of(c).extensions.contains(ext_server_name));
    c.server_name = "gwa.example";
    const auto ext = hello_of(c).extensions.at(ext_server_name);
    REQUIRE(ext.size() == 5 + c.server_name.size());
    CHECK(ext[2] == 0);  // host_name
    CHECK(as_text(bytes_view{ext}.subspan(5)) == c.server_name);
    c.server_name = "not a name";
    CHECK_FALSE(tls_session::create(c));
  }
}

TEST_CASE("TLS: a certificate of the SM-PKI for clients serves the gateway as server in the home network",
          "[REQ.TA.TLS.OpenHanSessionAsServer.20]") {
  const auto on = curve::brainpool_p256r1;
  const auto server = make_issued_party(authority("Test.CA", on), on);
  REQUIRE(server.own().client_auth);
  const auto client = make_self_signed_party(curve::brainpool_p256r1);
  pair_of_sessions p(config_of(tls_role::client, client, server, tls_interface::han),
                     config_of(tls_role::server, server, client, tls_interface::han));
  CHECK(p.handshake());
}
