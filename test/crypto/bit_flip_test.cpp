// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

/// \file
/// A man in the middle who changes one bit. A sample with a fixed seed runs always; with SMGW_EVERY_BIT set, every bit
/// of every message does, in each version, role and suite (an hour).

#include "crypto/tls_world.hpp"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <random>

using namespace smgw;
using namespace smgw::crypto;
using namespace smgw::crypto::test;

namespace {

bool every_bit() { return std::getenv("SMGW_EVERY_BIT") != nullptr; }  // NOLINT(concurrency-mt-unsafe)

/// Where a bit stands: its octet within its record, from the record's first. Records never straddle what is passed.
std::size_t place_in_record(bytes_view flight, std::size_t at) {
  std::size_t start = 0;
  while (true) {
    const auto size = 5u + (std::size_t{flight[start + 3]} << 8 | flight[start + 4]);
    if (at < start + size) return at - start;
    start += size;
  }
}

struct outcome {
  bool both = false;     ///< both sides believe the handshake
  bool touched = false;  ///< the bit was reached
  std::size_t place = 0;
};

/// One handshake in which bit `bit` of what one side says is changed.
outcome meet(const tls_config& c, const tls_config& s, bool from_client, std::size_t bit) {
  pair_of_sessions pair{c, s};
  outcome o;
  pair.bend = [&](bool client_says, std::size_t from, bytes data) {
    const auto at = bit / 8;
    if (client_says == from_client && at >= from && at < from + data.size()) {
      o.touched = true;
      o.place = place_in_record(data, at - from);
      data[at - from] ^= static_cast<std::uint8_t>(1u << (bit % 8));
    }
    return data;
  };
  o.both = pair.handshake();
  // What is said afterwards has its own protection, and its own tests.
  pair.bend = {};
  if (o.both) pair.talk();
  return o;
}

void check_bits(const tls_config& c, const tls_config& s, std::size_t sample) {
  std::array<std::size_t, 2> octets{};
  {
    pair_of_sessions pair{c, s};
    REQUIRE(pair.handshake());
    octets = {pair.passed[0], pair.passed[1]};
  }
  std::mt19937 dice{20260301};  // a fixed seed: what fails here fails again
  for (const bool client : {true, false}) {
    const auto bits = 8 * octets[client ? 0 : 1];
    const auto count = every_bit() ? bits : sample;
    for (std::size_t i = 0; i < count; ++i) {
      const auto bit = every_bit() ? i : dice() % bits;
      const auto o = meet(c, s, client, bit);
      INFO((client ? "client's" : "server's") << " bit " << bit << ", octet " << o.place << " of its record");
      // The version in a record's header is the one thing that nobody authenticates (RFC 8446, 5.1 has it ignored).
      if (o.both && o.touched) REQUIRE((o.place == 1 || o.place == 2));
    }
  }
}

}  // namespace

TEST_CASE("TLS: no changed bit of a handshake is believed by both sides, in every version and suite", "[tls][bits]") {
  struct meeting {
    curve on;
    tls_version version;
    std::uint16_t suite;
  };
  for (const auto& m :
       {meeting{curve::brainpool_p256r1, tls_version::tls12, 0xC023},
        meeting{curve::brainpool_p384r1, tls_version::tls12, 0xC02C},
        meeting{curve::secp256r1, tls_version::tls12, 0xC02B}, meeting{curve::secp384r1, tls_version::tls12, 0xC024},
        meeting{curve::secp256r1, tls_version::tls13, 0x1301}, meeting{curve::secp384r1, tls_version::tls13, 0x1302}}) {
    INFO(to_string(m.version) << " " << to_string(m.on) << " suite " << m.suite);
    const auto a = make_self_signed_party(m.on), b = make_self_signed_party(m.on);
    auto c = config_of(tls_role::client, a, b), s = config_of(tls_role::server, b, a);
    for (auto* one : {&c, &s}) {
      one->only_version = m.version;
      one->only_groups = {m.on};
      one->only_suites = {m.suite};
    }
    check_bits(c, s, 12);
    CHECK(a.keys->counters().ephemerals_alive == 0);
    CHECK(b.keys->counters().ephemerals_alive == 0);
  }
}

TEST_CASE("TLS: no changed bit of a resumption is believed by both sides", "[tls][bits]") {
  for (const auto version : {tls_version::tls12, tls_version::tls13}) {
    const auto a = make_self_signed_party(curve::secp256r1), b = make_self_signed_party(curve::secp256r1);
    auto c = config_of(tls_role::client, a, b), s = config_of(tls_role::server, b, a);
    c.only_version = s.only_version = version;
    std::mt19937 dice{20260302};
    for (int i = 0; i < 40; ++i) {
      c.cache = std::make_shared<tls_session_cache>();
      s.cache = std::make_shared<tls_session_cache>();
      pair_of_sessions first{c, s};
      REQUIRE(first.handshake());
      first.talk();  // in TLS 1.3 the ticket has come by then
      const bool client = (i & 1) != 0;
      const auto o = meet(c, s, client, dice() % 1600);
      INFO(to_string(version) << " octet " << o.place);
      if (o.both && o.touched) REQUIRE((o.place == 1 || o.place == 2));
    }
  }
}

TEST_CASE("a certificate with any one bit changed is no longer that of its issuer, and nobody's peer",
          "[certificate][bits]") {
  for (const auto on : all_curves) {
    const auto p = make_self_signed_party(on);
    const auto& good = p.own();
    REQUIRE(check_issued_by(good, good));
    const auto step = every_bit() || on == curve::brainpool_p256r1 ? 1u : 7u;
    for (std::size_t bit = 0; bit < 8 * good.der.size(); bit += step) {
      auto bent = good.der;
      bent[bit / 8] ^= static_cast<std::uint8_t>(1u << (bit % 8));
      const auto parsed = parse_certificate(bent);
      if (!parsed) continue;
      INFO(to_string(on) << " bit " << bit);
      REQUIRE_FALSE(check_issued_by(*parsed, good));
      REQUIRE_FALSE(*parsed == good);
    }
  }
}
