// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "base/hex.hpp"
#include "base/octets.hpp"
#include "protocols/cms/primitives.hpp"
#include "protocols/wakeup/gate.hpp"

#include <catch2/catch_test_macros.hpp>

#include <algorithm>
#include <functional>

using namespace smgw;
using namespace smgw::wakeup;
using namespace std::chrono_literals;

namespace {

/// The check vector: private key 11…11 on brainpoolP256r1, gateway EBSI0012345678, time 1342177280.
const bytes vector = *from_hex(
    "5755010E425349000"
    "0BC614E"
    "0000005000000000"
    "0B0B0B0B0B0B0B0B0B0B0B0B"
    "010A04007F00070101040103"
    "1aef63a56dc5bbbc99f2f3308a1dd19f0b5e24a15c07e89ef2003ac616d03706"
    "25ae0e19bff9c8c098103d5054b3159b3db243d2ec1e9a8cf834a7e575506fb1");
const cms::public_key gwa{cms::curve::brainpool_p256r1,
                          *from_hex("040117a18051447117d2d529054ef0136e8ff6bd2602f2f8aba5ab3d74e72aaa70"
                                    "60bc4efa21f12bf007ee36dae9720975e2f54cda9ceb403a241fa977124b1aa2")};
const timestamp sent{1342177280s};
const time_point t0{};

expected<void> verify(scheme s, bytes_view covered, bytes_view signature) {
  return cms::verify_signature(gwa, static_cast<cms::digest>(s), covered, signature);
}
gate_rules rules() {
  return {.own = *device_id::parse("EBSI0012345678"), .window = 60s, .permitted = {scheme::ecdsa_plain_sha256}};
}

errc check(const bytes& datagram, timestamp now = sent, const gate_rules& r = rules()) {
  const auto result = gate{r, verify}.check(datagram, now, t0);
  return result ? errc{} : result.error().code;
}
errc changed(const std::function<void(bytes&)>& change) {
  auto datagram = vector;
  change(datagram);
  return check(datagram);
}

}  // namespace

TEST_CASE("Wake-up: the check vector wakes the gateway",
          "[REQ.WakeUp.Datenstruktur.10][REQ.WakeUp.Datenstruktur.20]"
          "[REQ.WakeUp.Datenstruktur.30]") {
  REQUIRE(vector.size() == 108);
  CHECK(check(vector) == errc{});
  const auto p = *parse(vector, 32);
  CHECK(p.recipient.text() == "EBSI0012345678");
  CHECK(p.time == sent);
  CHECK(*to_scheme(p.oid) == scheme::ecdsa_plain_sha256);
  const auto covered = covered_octets(p.recipient, p.time);
  CHECK(encode(covered, scheme::ecdsa_plain_sha256, p.signature) == vector);
}

TEST_CASE("Wake-up: each test violated alone", "[REQ.WakeUp.Datenstruktur.10]") {
  CHECK(changed([](bytes& d) { d[0] = 'w'; }) == errc::malformed);
  CHECK(changed([](bytes& d) { d[2] = 2; }) == errc::unsupported);
  for (std::size_t i = 20; i < 32; ++i) CHECK(changed([&](bytes& d) { d[i] = 0; }) == errc::malformed);
  CHECK(changed([](bytes& d) { d[32] = 2; }) == errc::malformed);
  CHECK(changed([](bytes& d) { d[33] = 0; }) == errc::malformed);
  CHECK(changed([](bytes& d) { d[33] = 15; }) == errc::malformed);
  CHECK(changed([](bytes& d) { d.push_back(0); }) == errc::malformed);
  CHECK(changed([](bytes& d) { std::reverse(d.begin() + 8, d.begin() + 12); }) != errc{});  // serial number backwards
  CHECK(changed([](bytes& d) { d[11] ^= 1; }) == errc::denied);
  CHECK(changed([](bytes& d) { d[3] = 0; }) == errc::malformed);
  CHECK(changed([](bytes& d) { d[4] = 'b'; }) == errc::malformed);
  CHECK(changed([](bytes& d) { std::reverse(d.begin() + 12, d.begin() + 20); }) != errc{});
  CHECK(changed([](bytes& d) { d[19] = 0xff; }) == errc::malformed);
  CHECK(changed([](bytes& d) { d[43] = 9; }) == errc::unsupported);
  CHECK(changed([](bytes& d) { d[43] = 4; }) == errc::denied);
  CHECK(changed([](bytes& d) { d.back() ^= 1; }) == errc::untrusted);
  CHECK(changed([](bytes& d) { std::fill(d.end() - 32, d.end(), std::uint8_t{0}); }) == errc::untrusted);
  CHECK(changed([](bytes& d) { std::fill(d.end() - 64, d.end() - 32, std::uint8_t{0xff}); }) == errc::untrusted);
  for (std::size_t n = 0; n < vector.size(); ++n)
    CHECK(check(bytes(vector.begin(), vector.begin() + static_cast<std::ptrdiff_t>(n))) == errc::malformed);
  CHECK(check(bytes(max_packet + 1)) == errc::malformed);
}

TEST_CASE("Wake-up: no changed bit of a packet is accepted", "[REQ.WakeUp.Datenstruktur.20]") {
  for (std::size_t bit = 0; bit < 8 * vector.size(); ++bit)
    REQUIRE(changed([&](bytes& d) { d[bit / 8] ^= static_cast<std::uint8_t>(1u << (bit % 8)); }) != errc{});
}

TEST_CASE("Wake-up: the window is symmetric, and closed while the own time is not valid") {
  CHECK(check(vector, sent + 60s) == errc{});
  CHECK(check(vector, sent - 60s) == errc{});
  CHECK(check(vector, sent + 60s + 1ms) == errc::expired);
  CHECK(check(vector, sent - 60s - 1ms) == errc::expired);
  gate g{rules(), verify};
  CHECK(g.check(vector, std::nullopt, t0).error().code == errc::unavailable);
}

TEST_CASE("Wake-up: a packet wakes once, also after a restart") {
  gate g{rules(), verify};
  CHECK(g.check(vector, sent, t0));
  CHECK(g.last() == sent);
  CHECK(g.check(vector, sent, t0).error().code == errc::conflict);
  gate restarted{rules(), verify, g.last()};
  CHECK(restarted.check(vector, sent, t0).error().code == errc::conflict);
}

TEST_CASE("Wake-up: a refused packet changes nothing but the count of verifications") {
  auto r = rules();
  r.verifications_per_minute = 2;
  gate g{r, verify};
  auto forged = vector;
  forged.back() ^= 1;
  CHECK(g.check(forged, sent, t0).error().code == errc::untrusted);
  CHECK(g.check(forged, sent, t0).error().code == errc::untrusted);
  CHECK(g.check(vector, sent, t0 + 59s).error().code == errc::exhausted);
  CHECK_FALSE(g.last());
  CHECK(g.check(vector, sent, t0 + 60s));
}

TEST_CASE("Wake-up: the byte order of the time can be switched") {
  auto r = rules();
  r.order = time_order::most_significant_first;
  CHECK(check(vector, sent, r) != errc{});
  const auto covered = covered_octets(r.own, sent, r.order);
  CHECK(to_hex(bytes_view{covered}.subspan(12, 8)) == "0000000050000000");
  CHECK(parse(encode(covered, scheme::ecdsa_plain_sha512, bytes(128)), 64, r.order)->time == sent);
}
