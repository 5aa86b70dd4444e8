// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#include "protocols/wmbus/cipher.hpp"

#include "base/hex.hpp"
#include "base/octets.hpp"

#include <botan/aead.h>
#include <botan/cipher_mode.h>
#include <botan/mac.h>
#include <catch2/catch_test_macros.hpp>

using namespace smgw;
using namespace smgw::wmbus;

namespace {
bytes hex(std::string_view text) { return from_hex(text).value(); }
meter_cipher with(std::string_view key) { return meter_cipher::make(secret{bytes_view{hex(key)}}).value(); }
std::string text(const secret& s) { return to_hex(s.reveal()); }
constexpr auto master = "000102030405060708090a0b0c0d0e0f";
bytes pattern(std::size_t n) {
  bytes b(n);
  for (std::size_t i = 0; i < n; ++i) b[i] = static_cast<std::uint8_t>(i * 31 + n);
  return b;
}
}  // namespace

TEST_CASE("key derivation function A", "[wmbus][REQ.WMBUS.Unidirektional.50]") {
  auto c = with(master);
  CHECK(text(c.derived_key(derived::encryption, 512, 0x12345678)) == "aec31827f4e4e1c0e8e6d5710c0c78c4");
  CHECK(text(c.derived_key(derived::authentication, 512, 0x12345678)) == "bd5b65ecbbd767681b73035ffee0500f");
  CHECK(text(c.derived_key(derived::encryption, 0x102, 0x12345678)) == "28caea5ba8efdf951117db39384f20a1");
  CHECK(text(c.derived_key(derived::authentication, 0x102, 0x12345678)) == "8ba4ce7748f8fecdcb47f8ca1597a0b9");
  CHECK(text(c.derived_key(derived::encryption_down, 0x102, 0x12345678)) !=
        text(c.derived_key(derived::authentication_down, 0x102, 0x12345678)));
}

TEST_CASE("a key has 16 octets", "[wmbus]") {
  CHECK(meter_cipher::make(secret{15}).error().code == errc::malformed);
  CHECK(meter_cipher::make(secret{17}).error().code == errc::malformed);
}

TEST_CASE("CBC agrees with Botan", "[wmbus]") {
  auto c = with(master);
  block iv;
  std::copy_n(hex("f0f1f2f3f4f5f6f7f8f9fafbfcfdfeff").begin(), 16, iv.begin());
  for (const std::size_t blocks : {0U, 1U, 2U, 7U, 8U, 9U, 15U, 40U}) {
    const auto plain = pattern(16 * blocks);
    auto mine = plain;
    c.use_master();
    c.cbc_encrypt(mine, iv);
    auto mode = Botan::Cipher_Mode::create_or_throw("AES-128/CBC/NoPadding", Botan::Cipher_Dir::Encryption);
    mode->set_key(hex(master));
    mode->start(iv);
    Botan::secure_vector<std::uint8_t> theirs(plain.begin(), plain.end());
    mode->finish(theirs);
    CHECK(to_hex(mine) == to_hex(theirs));
    c.cbc_decrypt(mine, iv);
    CHECK(mine == plain);
  }
}

TEST_CASE("CTR agrees with SP 800-38A, F.5.1", "[wmbus]") {
  auto c = with("2b7e151628aed2a6abf7158809cf4f3c");
  block counter;
  std::copy_n(hex("f0f1f2f3f4f5f6f7f8f9fafbfcfdfeff").begin(), 16, counter.begin());
  auto data = hex("6bc1bee22e409f96e93d7e117393172aae2d8a571e03ac9c9eb76fac45af8e51");
  c.use_master();
  c.ctr(data, counter);
  CHECK(to_hex(data) == "874d6191b620e3261bef6864990db6ce9806f66b7970fdff8617187bb9fffdff");
}

TEST_CASE("CMAC agrees with RFC 4493, examples 1 to 4, however the message is cut", "[wmbus]") {
  auto c = with("2b7e151628aed2a6abf7158809cf4f3c");
  const auto message =
      hex("6bc1bee22e409f96e93d7e117393172aae2d8a571e03ac9c9eb76fac45af8e51"
          "30c81c46a35ce411e5fbc1191a0a52eff69f2445df4f9b17ad2b417be66c3710");
  const std::pair<std::size_t, std::string_view> examples[] = {{0, "bb1d6929e95937287fa37d129b756746"},
                                                               {16, "070a16b46b4d4144f79bdd9dd04a287c"},
                                                               {40, "dfa66747de9ae63030ca32611497c827"},
                                                               {64, "51f0bebf7e3b9d92fc49741779363cfe"}};
  c.use_master();
  for (const auto& [size, want] : examples)
    for (std::size_t cut = 0; cut <= size; ++cut) {
      const auto whole = bytes_view{message}.first(size);
      const std::array<bytes_view, 2> parts{whole.first(cut), whole.subspan(cut)};
      block mac;
      c.cmac(parts, mac);
      CHECK(to_hex(mac) == want);
    }
}

TEST_CASE("CMAC under a derived key agrees with Botan", "[wmbus]") {
  auto c = with(master);
  for (std::uint32_t counter = 0; counter < 40; ++counter) {
    const auto message = pattern(counter);
    const auto key = c.derived_key(derived::authentication, counter, 0x12345678);
    auto theirs = Botan::MessageAuthenticationCode::create_or_throw("CMAC(AES-128)");
    theirs->set_key(key.reveal());
    theirs->update(message);
    const bytes_view part{message};
    block mac;
    c.cmac({&part, 1}, mac);
    CHECK(to_hex(mac) == to_hex(theirs->final()));
  }
}

TEST_CASE("CCM agrees with Botan in every tag size",
          "[wmbus][REQ.WMBUS.Unidirektional.71][REQ.WMBUS.Unidirektional.72]") {
  auto c = with(master);
  const auto nonce = hex("101112131415161718191a1b1c");
  for (const std::size_t tag : {8U, 12U, 16U})
    for (const std::size_t size : {0U, 1U, 15U, 16U, 17U, 64U, 250U})
      for (const std::size_t header : {0U, 1U, 13U, 14U, 15U, 40U}) {
        const auto plain = pattern(size);
        const auto associated = pattern(header);
        auto aead = Botan::AEAD_Mode::create_or_throw("AES-128/CCM(" + std::to_string(tag) + ",2)",
                                                      Botan::Cipher_Dir::Encryption);
        aead->set_key(hex(master));
        aead->set_associated_data(associated);
        aead->start(nonce);
        Botan::secure_vector<std::uint8_t> theirs(plain.begin(), plain.end());
        aead->finish(theirs);

        auto mine = plain;
        bytes seal(tag);
        const auto view = bytes_view{associated};
        const std::array<bytes_view, 2> parts{view.first(header / 2), view.subspan(header / 2)};
        c.use_master();
        c.ccm_seal(mine, nonce, parts, seal);
        CHECK(to_hex(mine) + to_hex(seal) == to_hex(theirs));
        CHECK(c.ccm_open(mine, nonce, parts, seal));
        CHECK(mine == plain);
        c.ccm_seal(mine, nonce, parts, seal);
        seal[tag - 1] ^= 1;
        CHECK_FALSE(c.ccm_open(mine, nonce, parts, seal));
        CHECK(mine == bytes(size));  // nothing of a forged plaintext is left
      }
}
