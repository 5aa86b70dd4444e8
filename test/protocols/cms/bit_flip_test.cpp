// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

/// \file
/// One changed bit of a CMS message, in every suite and on every curve. A sample with a fixed seed runs always; with
/// SMGW_EVERY_BIT set, every bit does.

#include "protocols/cms/parties.hpp"

#include <catch2/catch_test_macros.hpp>

#include <cstdlib>
#include <random>
#include <tuple>

using namespace smgw;
using namespace smgw::cms;
using test::party;

namespace {

bool every_bit() { return std::getenv("SMGW_EVERY_BIT") != nullptr; }  // NOLINT(concurrency-mt-unsafe)

/// Calls `refused` with the message and one bit changed; the changed message must not be taken.
template <class Refused>
void each_bit(const bytes& message, std::size_t sample, Refused&& refused) {
  std::mt19937 dice{20260303};
  const auto bits = 8 * message.size();
  for (std::size_t i = 0; i < (every_bit() ? bits : sample); ++i) {
    const auto bit = every_bit() ? i : dice() % bits;
    auto changed = message;
    changed[bit / 8] ^= static_cast<std::uint8_t>(1u << (bit % 8));
    INFO("bit " << bit);
    REQUIRE(refused(changed));
  }
}

constexpr std::tuple<digest, key_wrap, cipher> parts[] = {{digest::sha256, key_wrap::aes128, cipher::aes128_gcm},
                                                          {digest::sha384, key_wrap::aes192, cipher::aes192_gcm},
                                                          {digest::sha512, key_wrap::aes256, cipher::aes256_gcm},
                                                          {digest::sha256, key_wrap::aes128, cipher::aes128_cbc_cmac},
                                                          {digest::sha384, key_wrap::aes192, cipher::aes192_cbc_cmac},
                                                          {digest::sha512, key_wrap::aes256, cipher::aes256_cbc_cmac}};

}  // namespace

TEST_CASE("No changed bit of an envelope is accepted, in every suite and on every curve",
          "[bits][REQ.CMS.AuthEnvelopedData.20][REQ.CMS.MessageCipherSuite.10]") {
  for (const auto c : test::all_curves) {
    const party gateway{c, 0x11}, market{c, 0x22};
    for (const auto& [kdf, wrap, content] : parts)
      for (const auto type : {content_type::data, content_type::compressed_data}) {
        const encryption_suite suite{kdf, wrap, content};
        const opening how{.suites = {suite}};
        const auto message =
            *seal(test::sample(40), market.as_recipient(), {.suite = suite, .type = type}, gateway.source());
        REQUIRE(open(message, market.finds_own_key(), how));
        each_bit(message, 24, [&](const bytes& m) { return !open(m, market.finds_own_key(), how); });
      }
  }
}

TEST_CASE("No changed bit of a signed message or of its detached content is accepted, with every hash and curve",
          "[bits][REQ.CMS.SignedData.40][REQ.CMS.MessageCipherSuite.20]") {
  const auto content = test::sample(40);
  for (const auto c : test::all_curves) {
    const party gateway{c, 0x11};
    const auto who = gateway.finds_signer();
    for (const auto d : {digest::sha256, digest::sha384, digest::sha512}) {
      const verifying how{.digests = {digest::sha256, digest::sha384, digest::sha512}};
      const auto inside = *sign(content, content_type::data, gateway.as_signer(d));
      REQUIRE(verify(inside, who, how));
      each_bit(inside, 24, [&](const bytes& m) { return !verify(m, who, how); });
      const auto outside = *sign_detached(content, gateway.as_signer(d));
      REQUIRE(verify_detached(outside, content, who, how));
      each_bit(outside, 24, [&](const bytes& m) { return !verify_detached(m, content, who, how); });
      each_bit(content, 24, [&](const bytes& m) { return !verify_detached(outside, m, who, how); });
    }
  }
}
