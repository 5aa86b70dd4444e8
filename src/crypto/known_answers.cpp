// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "crypto/known_answers.hpp"

#include "base/check.hpp"
#include "base/hex.hpp"
#include "base/octets.hpp"
#include "crypto/aead.hpp"
#include "crypto/hash.hpp"
#include "crypto/mac.hpp"

#include <algorithm>

namespace smgw::crypto {
namespace {

expected<void> compare(std::string_view what, bytes_view got, std::string_view want) {
  if (to_hex(got) != want) return fail(errc::internal, std::string(what) + " gives a wrong answer");
  return {};
}

expected<void> check_hashes() {
  SMGW_CHECK(
      compare("SHA-256", sha256(as_bytes("abc")), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"));
  SMGW_CHECK(compare("SHA-384", sha384(as_bytes("abc")),
                     "cb00753f45a35e8bb5a03d699ac65007272c32ab0eded1631a8b605a43ff5bed"
                     "8086072ba1e7cc2358baeca134c825a7"));
  return compare("HMAC-SHA-256", hmac_sha256(as_bytes("Jefe"), as_bytes("what do ya want for nothing?")),
                 "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
}

expected<void> check_keyed() {
  const auto key = from_hex("2b7e151628aed2a6abf7158809cf4f3c");
  SMGW_TRY(const auto tag, aes_cmac(*key, bytes_view{}));
  SMGW_CHECK(compare("AES-CMAC", tag, "bb1d6929e95937287fa37d129b756746"));
  SMGW_TRY(const auto derived, hkdf_sha256(bytes(22, 0x0b), *from_hex("000102030405060708090a0b0c"),
                                           *from_hex("f0f1f2f3f4f5f6f7f8f9"), 42));
  return compare("HKDF", derived.reveal(),
                 "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865");
}

expected<void> check_sealing() {
  const bytes key(aead::key_size, 0x42);
  SMGW_TRY(auto cipher, aead::create(secret{bytes_view{key}}));
  const auto plain = as_bytes("known answer");
  SMGW_TRY(auto sealed, cipher.seal(as_bytes("place"), plain));
  SMGW_TRY(const auto opened, cipher.open(as_bytes("place"), sealed));
  if (!std::ranges::equal(opened, plain)) return fail(errc::internal, "AES-256-GCM opens something else");
  sealed.back() ^= 1U;
  if (cipher.open(as_bytes("place"), sealed)) return fail(errc::internal, "AES-256-GCM accepts an altered octet");
  return {};
}

expected<void> check_random(key_store& keys) {
  std::array<std::uint8_t, 32> a{};
  std::array<std::uint8_t, 32> b{};
  SMGW_CHECK(keys.random(a));
  SMGW_CHECK(keys.random(b));
  if (a == b || std::ranges::all_of(a, [&](auto o) { return o == a[0]; }))
    return fail(errc::internal, "random numbers stand still");
  return {};
}

}  // namespace

expected<void> check_known_answers(key_store& keys) {
  SMGW_CHECK(check_hashes());
  SMGW_CHECK(check_keyed());
  SMGW_CHECK(check_sealing());
  return check_random(keys);
}

}  // namespace smgw::crypto
