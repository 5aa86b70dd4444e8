// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "crypto/detail/kept.hpp"

#include "crypto/openssl_peer.hpp"
#include "crypto/tls_hello.hpp"

#include <botan/auto_rng.h>
#include <botan/ecdsa.h>

#include <atomic>
#include <thread>

using namespace smgw;
using namespace smgw::crypto;
using namespace smgw::crypto::test;

TEST_CASE("kept certificates are those that were asked for, also when there are more than are kept") {
  crypto::detail::kept_certificates kept;
  const auto first = make_self_signed_party(curve::secp256r1).own();
  for (std::size_t i = 0; i <= crypto::detail::kept_certificates::most; ++i) {
    const auto one = make_self_signed_party(curve::secp256r1).own();
    for (int again = 0; again < 2; ++again) CHECK(kept.get(one).BER_encode() == one.der);
  }
  CHECK(kept.get(first).BER_encode() == first.der);
}

TEST_CASE("a certificate that was verified vouches neither for a changed one nor for another key",
          "[REQ.TA.TLS.Handshake.20]") {
  for (const auto on : {curve::brainpool_p256r1, curve::secp384r1}) {
    const auto ca = authority("Test.CA", on), namesake = authority("Test.CA", on);
    const auto issued = make_issued_party(ca, on).own();
    for (int again = 0; again < 3; ++again) {
      CHECK(check_issued_by(issued, ca.own()));
      auto without_id = issued;  // else the key identifiers differ first
      without_id.authority_key_id.clear();
      CHECK(check_issued_by(without_id, namesake.own()).error().code == errc::untrusted);
    }
    for (std::size_t bit = 0; bit < 8 * issued.der.size(); bit += 7) {
      auto changed = issued;
      changed.der[bit / 8] ^= static_cast<std::uint8_t>(1u << (bit % 8));
      INFO("bit " << bit);
      REQUIRE_FALSE(check_issued_by(changed, ca.own()));
    }
    CHECK(check_issued_by(issued, ca.own()));
  }
}

TEST_CASE("the name of a signature that was verified tells key, curve and octets apart") {
  const auto name = crypto::detail::kept_signatures::name;
  const bytes text(40, 1), point(65, 4);
  const auto one = name(text, curve::secp256r1, point);
  CHECK(one == name(text, curve::secp256r1, point));
  CHECK(one != name(text, curve::brainpool_p256r1, point));
  CHECK(one != name(bytes(41, 1), curve::secp256r1, point));
  CHECK(one != name(text, curve::secp256r1, bytes(65, 5)));
  crypto::detail::kept_signatures kept;
  for (std::size_t i = 0; i < 3 * crypto::detail::kept_signatures::most; ++i) {
    const auto next = name(bytes(i, 7), curve::secp256r1, point);
    CHECK_FALSE(kept.contains(next));
    kept.add(next);
    CHECK(kept.contains(next));
  }
}

TEST_CASE("a kept verifier takes good signatures and refuses others, in any order and by several threads") {
  Botan::AutoSeeded_RNG rng;
  crypto::detail::kept_verifiers kept;
  const auto format = Botan::Signature_Format::DerSequence;
  std::vector<Botan::ECDSA_PrivateKey> keys;
  for (std::size_t i = 0; i < crypto::detail::kept_verifiers::most + 4; ++i)
    keys.emplace_back(rng, Botan::EC_Group::from_name(i % 2 == 0 ? "secp256r1" : "brainpool256r1"));
  const bytes message(100, 3), other(100, 4);
  std::vector<std::vector<std::uint8_t>> signatures;
  for (const auto& key : keys)
    signatures.push_back(Botan::PK_Signer(key, rng, "SHA-256", format).sign_message(message, rng));
  std::atomic<int> wrong{0};
  const auto work = [&] {
    for (int round = 0; round < 3; ++round)
      for (std::size_t i = 0; i < keys.size(); ++i) {
        const auto& neighbour = signatures[(i + 2) % keys.size()];
        wrong += !kept.verify(keys[i], "SHA-256", format, message, signatures[i]);
        wrong += kept.verify(keys[i], "SHA-256", format, other, signatures[i]);
        wrong += kept.verify(keys[i], "SHA-256", format, message, neighbour);
        wrong += kept.verify(keys[i], "SHA-384", format, message, signatures[i]);
        wrong += kept.verify(keys[i], "SHA-256", format, message, bytes{});
      }
  };
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < 3; ++i) threads.emplace_back(work);
  }
  CHECK(wrong == 0);
}
