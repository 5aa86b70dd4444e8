// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "protocols/cms/primitives.hpp"

#include "base/hex.hpp"
#include "base/octets.hpp"
#include "protocols/cms/attributes.hpp"
#include "protocols/cms/der.hpp"
#include "protocols/cms/oids.hpp"
#include "protocols/cms/parties.hpp"

#include <botan/cipher_mode.h>
#include <botan/mac.h>
#include <catch2/catch_test_macros.hpp>

#include <numeric>

using namespace smgw;
using namespace smgw::cms;

namespace {

bytes counting(std::uint8_t from, std::size_t n) {
  bytes out(n);
  std::iota(out.begin(), out.end(), from);
  return out;
}

/// Kenc = 10..1F, KMAC = 20..2F, the plaintext of the check vector.
struct vector {
  secret key{counting(0x10, 32)};
  bytes iv = bytes(16);
  std::string_view text = "{\"self\":\"made\"}";
  expected<bytes> mac(bytes_view aad, bytes& ciphertext) const {
    ciphertext.assign(text.begin(), text.end());
    ciphertext.resize(ciphertext_octets(cipher::aes128_cbc_cmac, text.size()));
    return encrypt(cipher::aes128_cbc_cmac, key, iv, aad, ciphertext, text.size());
  }
};

bytes aad_of(content_type type) {
  return der::make(der::set, encode_attributes({{oids::attribute_content_type, oids::of(type)}}));
}

}  // namespace

TEST_CASE("KDF of X9.63: check vector", "[REQ.CMS.AuthEnvelopedData.25]") {
  const auto z = counting(0, 32);
  CHECK(to_hex(derive_key(digest::sha256, key_wrap::aes128, shared_info::none, z)->reveal()) ==
        "04a6950a06d3e3308ad7d3606ef810eb");
  const auto other = derive_key(digest::sha256, key_wrap::aes128, shared_info::ecc_cms, z);
  CHECK(to_hex(other->reveal()) != "04a6950a06d3e3308ad7d3606ef810eb");
  CHECK(derive_key(digest::sha512, key_wrap::aes256, shared_info::none, z)->size() == 32);
}

TEST_CASE("AES key wrap: check vector and its check value", "[REQ.CMS.AuthEnvelopedData.30]") {
  const secret kek{counting(0, 16)}, key{counting(0x10, 32)};
  auto wrapped = *wrap_key(kek, key);
  CHECK(to_hex(wrapped) == "68480d1c56ee44ad2d7177280102b967b5956c3e2746433ce95eef87fce88b5ebc5d0c04f52d2a8a");
  CHECK(equal_constant_time(unwrap_key(kek, wrapped)->reveal(), key.reveal()));
  wrapped[5] ^= 1;
  CHECK(unwrap_key(kek, wrapped).error().code == errc::untrusted);
  CHECK(unwrap_key(kek, bytes(17)).error().code == errc::malformed);
}

TEST_CASE("AES-CBC-CMAC: check vector without attributes",
          "[REQ.CMS.AesCbcCmac.10][REQ.CMS.AesCbcCmac.30][REQ.CMS.AesCbcCmac.40][REQ.CMS.AesCbcCmac.50]") {
  bytes ciphertext;
  CHECK(to_hex(*vector{}.mac({}, ciphertext)) == "b82a3e042a78dcc32849a0b12e6735fb");
  CHECK(to_hex(ciphertext) == "1267dcf95b5d79547266a3aa4273676e");
}

TEST_CASE("AES-CBC-CMAC: the attributes are covered as a SET OF", "[REQ.CMS.AesCbcCmac.20][REQ.CMS.AesCbcCmac.90]") {
  const auto aad = aad_of(content_type::compressed_data);
  CHECK(to_hex(aad) == "311c301a06092a864886f70d010903310d060b2a864886f70d0109100109");
  bytes ciphertext;
  CHECK(to_hex(*vector{}.mac(aad, ciphertext)) == "9af9d32deb6b858891f6a70567e31399");
  CHECK(to_hex(*vector{}.mac(bytes_view{aad}.subspan(2), ciphertext)) == "18fe53614a1a5d5035a8daf55082cc7c");
}

TEST_CASE("AES-CBC-CMAC: the MAC is verified before the padding is looked at", "[REQ.CMS.AesCbcCmac.40]") {
  const vector v;
  const auto with_last_octet = [&](std::uint8_t last, bool good_mac) {
    bytes block(16, 0x55);
    block.back() = last;
    const auto cbc = Botan::Cipher_Mode::create_or_throw("AES-128/CBC/NoPadding", Botan::Cipher_Dir::Encryption);
    cbc->set_key(v.key.reveal().first(16));
    cbc->start(v.iv);
    cbc->process(block);
    const auto cmac = Botan::MessageAuthenticationCode::create_or_throw("CMAC(AES-128)");
    cmac->set_key(v.key.reveal().last(16));
    auto mac = cmac->process(block);
    if (!good_mac) mac[3] ^= 4;
    const auto result = decrypt(cipher::aes128_cbc_cmac, v.key, v.iv, {}, block, bytes(mac.begin(), mac.end()));
    return result ? errc{} : result.error().code;
  };
  CHECK(with_last_octet(1, true) == errc{});
  for (const auto last : bytes{0, 2, 16, 17, 255}) CHECK(with_last_octet(last, true) == errc::malformed);
  for (const auto last : bytes{0, 1, 2, 16, 17, 255}) CHECK(with_last_octet(last, false) == errc::untrusted);
  CHECK(decrypt(cipher::aes128_cbc_cmac, v.key, v.iv, {}, bytes(15), bytes(16)).error().code == errc::untrusted);
}

TEST_CASE("Content ciphers: every size around a block goes there and back, every changed bit is seen",
          "[REQ.CMS.AuthEnvelopedData.40][REQ.CMS.AuthEnvelopedData.60]") {
  for (const auto c : {cipher::aes128_gcm, cipher::aes192_gcm, cipher::aes256_gcm, cipher::aes128_cbc_cmac,
                       cipher::aes192_cbc_cmac, cipher::aes256_cbc_cmac}) {
    const secret key{counting(3, key_material_octets(c))};
    const bytes iv(is_gcm(c) ? 12 : 16, 9);
    for (const std::size_t size : {0u, 1u, 15u, 16u, 17u, 32u, 1000u}) {
      const auto plain = test::sample(size);
      auto buffer = plain;
      buffer.resize(ciphertext_octets(c, size));
      const auto mac = *encrypt(c, key, iv, as_bytes("aad"), buffer, size);
      CHECK(mac.size() == 16);
      CHECK(*decrypt(c, key, iv, as_bytes("aad"), buffer, mac) == plain);
      CHECK(decrypt(c, key, iv, as_bytes("aae"), buffer, mac).error().code == errc::untrusted);
      auto bad = mac;
      bad[15] ^= 0x80;
      CHECK(decrypt(c, key, iv, as_bytes("aad"), buffer, bad).error().code == errc::untrusted);
      if (!buffer.empty()) {
        buffer[0] ^= 1;
        CHECK(decrypt(c, key, iv, as_bytes("aad"), buffer, mac).error().code == errc::untrusted);
      }
    }
  }
}

TEST_CASE("A point has to be an uncompressed one on the curve") {
  for (const auto c : test::all_curves) {
    auto point = test::party{c, 0x11}.key().point;
    CHECK(point.size() == 1 + 2 * field_octets(c));
    CHECK(check_point(c, point));
    point.back() ^= 1;
    CHECK(check_point(c, point).error().code == errc::untrusted);
    CHECK(check_point(c, bytes_view{point}.first(point.size() - 1)).error().code == errc::untrusted);
    CHECK(check_point(c, bytes{0}).error().code == errc::untrusted);
    CHECK(check_point(c, bytes(point.size(), 0xff)).error().code == errc::untrusted);
  }
}
