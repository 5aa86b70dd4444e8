// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "base/hex.hpp"
#include "base/octets.hpp"
#include "crypto/aead.hpp"
#include "crypto/hash.hpp"
#include "crypto/mac.hpp"
#include "crypto/signature.hpp"
#include "crypto/tls_world.hpp"

#include <set>

using namespace smgw;
using namespace smgw::crypto;
using namespace smgw::crypto::test;

namespace {

bytes hex(std::string_view text) { return must(from_hex(text)); }
std::string hex_of(const secret& s) { return to_hex(s.reveal()); }
bytes sequence(std::uint8_t from, std::size_t count) {
  bytes out(count);
  for (std::size_t i = 0; i < count; ++i) out[i] = static_cast<std::uint8_t>(from + i);
  return out;
}

}  // namespace

TEST_CASE("SHA-2 of `abc` (FIPS 180-4)", "[hash]") {
  const auto abc = as_bytes("abc");
  CHECK(to_hex(sha256(abc)) == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  CHECK(to_hex(sha384(abc)) ==
        "cb00753f45a35e8bb5a03d699ac65007272c32ab0eded1631a8b605a43ff5bed8086072ba1e7cc2358baeca134c825a7");
  CHECK(
      to_hex(sha512(abc)) ==
      "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e"
      "2a9ac94fa54ca49f");
  hasher piecewise{hash::sha256};
  piecewise.update(abc.first(1));
  piecewise.update(abc.subspan(1));
  CHECK(piecewise.finish() == digest(hash::sha256, abc));
  CHECK(piecewise.finish() == digest(hash::sha256, {}));  // started anew
}

TEST_CASE("HMAC-SHA-256 (RFC 4231, case 1)", "[mac]") {
  CHECK(to_hex(hmac_sha256(bytes(20, 0x0b), as_bytes("Hi There"))) ==
        "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
}

TEST_CASE("AES-CMAC (RFC 4493 4)", "[mac]") {
  const auto key = hex("2b7e151628aed2a6abf7158809cf4f3c");
  CHECK(to_hex(must(aes_cmac(key, {}))) == "bb1d6929e95937287fa37d129b756746");
  CHECK(to_hex(must(aes_cmac(key, hex("6bc1bee22e409f96e93d7e117393172a")))) == "070a16b46b4d4144f79bdd9dd04a287c");
  CHECK(aes_cmac(bytes(15), {}).error().code == errc::malformed);
  auto kept = must(cmac::create(secret{bytes_view{key}}));
  kept.update(hex("6bc1bee22e409f96"));
  kept.update(hex("e93d7e117393172a"));
  CHECK(to_hex(kept.finish()) == "070a16b46b4d4144f79bdd9dd04a287c");
  CHECK(to_hex(kept.finish()) == "bb1d6929e95937287fa37d129b756746");
  CHECK(cmac::create(secret{std::size_t{17}}).error().code == errc::malformed);
}

TEST_CASE("HKDF-SHA-256 (RFC 5869, case 1)", "[kdf]") {
  const auto out = must(hkdf_sha256(bytes(22, 0x0b), sequence(0, 13), sequence(0xf0, 10), 42));
  CHECK(hex_of(out) == "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865");
  CHECK(hkdf_sha256(bytes(1), {}, {}, 8161).error().code == errc::malformed);
}

TEST_CASE("the X9.63 KDF is hash of Z, counter, info (TR-03111 4.3.3)", "[kdf]") {
  const auto z = hex("96c05619d56c328ab95fe84b18264b08725b85e33fd34f08");
  CHECK(hex_of(must(x963_kdf(hash::sha256, z, {}, 16))) == "443024c3dae66b95e6f5670601558f71");
  const auto info = as_bytes("shared info");
  bytes by_hand;
  for (std::uint8_t counter = 1; counter <= 2; ++counter) {
    bytes block = z;
    put(block, bytes{0, 0, 0, counter});
    put(block, info);
    put(by_hand, digest(hash::sha384, block));
  }
  by_hand.resize(60);
  CHECK(hex_of(must(x963_kdf(hash::sha384, z, info, 60))) == to_hex(by_hand));
  CHECK(x963_kdf(hash::sha256, z, {}, 1025).error().code == errc::malformed);
}

TEST_CASE("keys of the symmetric LMN (TR-03116-3 7.2)", "[kdf][REQ.TLSHDLC.SMGW.40]") {
  const secret mk{bytes_view{sequence(0, 16)}};
  const auto keys = must(derive_lmn_keys(mk, hex("00000200"), hex("0a014d54520e0000007b")));
  CHECK(hex_of(keys.meter_encrypt) == "4ea7cec4f4f9a65d3284b8552c2cc4f7");
  CHECK(hex_of(keys.meter_mac) == "4915a9ba05d9485bebb91008670f9e76");
  CHECK(hex_of(keys.gateway_encrypt) == "5d06b4f165350c4827fa37d78a16864a");
  CHECK(hex_of(keys.gateway_mac) == "4b41db528e545f2f9fe82b5e739d4a58");
  CHECK(derive_lmn_keys(secret{std::size_t{15}}, {}, {}).error().code == errc::malformed);
}

TEST_CASE("an ECDSA signature of RFC 6979 verifies, and nothing near it", "[signature]") {
  const auto point =
      hex("0460fed4ba255a9d31c961eb74c6356d68c049b8923b61fa6ce669622e60f29fb67903fe1008b8bc99a41ae9e95628bc64f2f1b20c2d"
          "7e9f51"
          "77a3c294d4462299");
  const auto raw =
      hex("efd48b2aacb6a8fd1140dd9cd45e81d69d2c877b56aaf991c34d0ea84eaf3716f7cb1c942d657c41d436c7a1b6e29f65f3e900dbb9af"
          "f4064d"
          "c4ab2f843acda8");
  const auto sample = digest(hash::sha256, as_bytes("sample"));
  CHECK(verify_signature(curve::secp256r1, point, sample, raw));
  CHECK(verify_signature(curve::secp256r1, point, digest(hash::sha256, as_bytes("Sample")), raw).error().code ==
        errc::untrusted);
  for (std::size_t i = 0; i < raw.size(); i += 7) {
    auto bent = raw;
    bent[i] ^= 1;
    CHECK(verify_signature(curve::secp256r1, point, sample, bent).error().code == errc::untrusted);
  }
  CHECK(verify_signature(curve::secp256r1, point, sample, bytes(64)).error().code == errc::untrusted);
  CHECK(verify_signature(curve::secp256r1, point, sample, bytes(64, 0xff)).error().code == errc::untrusted);
  CHECK(verify_signature(curve::secp256r1, point, sample, bytes_view{raw}.first(63)).error().code == errc::malformed);
  auto off = point;
  off.back() ^= 1;
  CHECK(verify_signature(curve::secp256r1, off, sample, raw).error().code == errc::malformed);
  CHECK(verify_signature(curve::brainpool_p256r1, point, sample, raw).error().code == errc::malformed);

  const auto der = must(signature_to_der(curve::secp256r1, raw));
  CHECK(to_hex(bytes_view{der}.first(6)) == "3046022100ef");
  CHECK(must(signature_from_der(curve::secp256r1, der)) == raw);
  for (std::size_t i = 0; i < der.size(); ++i)
    CHECK_FALSE(signature_from_der(curve::secp256r1, bytes_view{der}.first(i)));
  auto longer = der;
  longer.push_back(0);
  CHECK(signature_from_der(curve::secp256r1, longer).error().code == errc::malformed);
  CHECK(signature_from_der(curve::secp256r1, hex("30060201000201"
                                                 "01"))
            .error()
            .code == errc::malformed);  // r = 0
  CHECK(signature_from_der(curve::secp256r1, hex("3007020200010201"
                                                 "01"))
            .error()
            .code == errc::malformed);  // not minimal
  CHECK(signature_to_der(curve::secp384r1, raw).error().code == errc::malformed);
}

TEST_CASE("points are uncompressed and on the curve", "[signature]") {
  const auto point =
      hex("0444106e913f92bc02a1705d9953a8414db95e1aaa49e81d9e85f929a8e3100be58ab4846f11caccb73ce49cbdd120f5a900a69fd32c"
          "272223"
          "f789ef10eb089bdc");
  CHECK(check_point(curve::brainpool_p256r1, point));
  auto compressed = bytes(point.begin(), point.begin() + 33);
  compressed[0] = 2;
  auto hybrid = point;
  hybrid[0] = 6;
  auto off = point;
  off[40] ^= 1;
  for (const auto& bad : {compressed, hybrid, off, bytes{0}, bytes{}, bytes(65, 0), bytes(65, 0xff)})
    CHECK(check_point(curve::brainpool_p256r1, bad).error().code == errc::malformed);
}

TEST_CASE("data at rest: sealed, opened, and refused when touched", "[aead]") {
  auto cipher = must(aead::create(secret{bytes_view{sequence(0, 32)}}));
  const auto aad = as_bytes("readings/1emh0010482201/1-0:1.8.0");
  for (const std::size_t size : {0u, 1u, 16u, 200u, 5000u}) {
    const auto plain = sequence(3, size);
    const auto blob = must(cipher.seal(aad, plain));
    CHECK(blob.size() == size + aead::overhead);
    CHECK(must(cipher.open(aad, blob)) == plain);
    CHECK(cipher.open(as_bytes("elsewhere"), blob).error().code == errc::untrusted);
    for (std::size_t i = 0; i < blob.size(); i += 1 + blob.size() / 50) {
      auto bent = blob;
      bent[i] ^= 0x40;
      CHECK(cipher.open(aad, bent).error().code == errc::untrusted);
    }
    CHECK_FALSE(cipher.open(aad, bytes_view{blob}.first(blob.size() - 1)));
  }
  CHECK(cipher.open(aad, bytes(aead::overhead - 1)).error().code == errc::truncated);
  CHECK(aead::create(secret{std::size_t{16}}).error().code == errc::malformed);
  // A refused value leaves the cipher usable.
  CHECK(must(cipher.open(aad, must(cipher.seal(aad, bytes{1, 2})))) == bytes{1, 2});
}

TEST_CASE("nonces do not repeat, not even for the same key in a new life", "[aead]") {
  const auto key = secret{bytes_view{sequence(9, 32)}};
  std::set<bytes> nonces;
  for (int life = 0; life < 20; ++life) {
    auto cipher = must(aead::create(key));
    for (int i = 0; i < 200; ++i) {
      const auto blob = must(cipher.seal({}, bytes{0}));
      nonces.emplace(blob.begin(), blob.begin() + 12);
    }
  }
  CHECK(nonces.size() == 4000);
}
