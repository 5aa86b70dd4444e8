// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "protocols/cms/protect.hpp"

#include "protocols/cms/content_info.hpp"
#include "protocols/cms/parties.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace smgw;
using namespace smgw::cms;
using test::party;

namespace {

constexpr cipher all_ciphers[] = {cipher::aes128_gcm,      cipher::aes192_gcm,      cipher::aes256_gcm,
                                  cipher::aes128_cbc_cmac, cipher::aes192_cbc_cmac, cipher::aes256_cbc_cmac};
constexpr digest all_digests[] = {digest::sha256, digest::sha384, digest::sha512};
constexpr key_wrap all_wraps[] = {key_wrap::aes128, key_wrap::aes192, key_wrap::aes256};

errc code(const expected<unprotected>& r) { return r ? errc{} : r.error().code; }

/// The gateway sends to the market participant.
struct world {
  explicit world(curve c = curve::brainpool_p256r1) : gateway(c, 0x11), market(c, 0x22) {}
  [[nodiscard]] expected<bytes> send(bytes_view content, const protection& how = {}, digest d = digest::sha256) const {
    return protect(content, market.as_recipient(), gateway.as_signer(d), how, gateway.source());
  }
  [[nodiscard]] expected<unprotected> receive(bytes_view message, const verifying& v = {},
                                              const opening& o = {}) const {
    return unprotect(message, gateway.finds_signer(), market.finds_own_key(), v, o);
  }
  party gateway;
  party market;
};

}  // namespace

TEST_CASE("A message of the mandatory suites goes there and back on every curve",
          "[REQ.CMS.MessageCipherSuite.10][REQ.CMS.MessageCipherSuite.20][REQ.CMS.AuthEnvelopedData.10]"
          "[REQ.CMS.SignedData.10]") {
  const auto content = test::sample(1000);
  for (const auto c : test::all_curves) {
    const world w{c};
    for (const auto& suite : {eckaeg_aes128_gcm, eckaeg_aes128_cbc_cmac})
      for (const bool compress : {false, true}) {
        protection how{.compress = compress};
        how.seal.suite = suite;
        const auto message = w.send(content, how);
        REQUIRE(message);
        const auto back = w.receive(*message);
        REQUIRE(back);
        CHECK(back->content == content);
        CHECK(back->compressed == compress);
        CHECK(back->suite == suite);
        CHECK(back->signer == w.gateway.ski());
      }
  }
}

TEST_CASE("Every suite with every digest goes there and back, where the receiver takes it",
          "[REQ.CMS.AuthEnvelopedData.25][REQ.CMS.AuthEnvelopedData.30][REQ.CMS.AuthEnvelopedData.40]"
          "[REQ.CMS.AuthEnvelopedData.60][REQ.CMS.SignedData.50][REQ.CMS.SignedData.60]") {
  const world w;
  const auto content = test::sample(77);
  for (const auto c : all_ciphers)
    for (const auto wrap : all_wraps)
      for (const auto d : all_digests) {
        protection how;
        how.seal.suite = {d, wrap, c};
        const auto message = w.send(content, how, d);
        REQUIRE(message);
        const opening takes{.suites = {how.seal.suite}};
        CHECK(w.receive(*message, {.digests = {d}}, takes)->content == content);
        if (how.seal.suite != eckaeg_aes128_gcm && how.seal.suite != eckaeg_aes128_cbc_cmac)
          CHECK(code(w.receive(*message, {.digests = {d}})) == errc::denied);
        if (d != digest::sha256) CHECK(code(w.receive(*message, {}, takes)) == errc::denied);
      }
}

TEST_CASE("The transport form is a SignedData in a ContentInfo",
          "[REQ.CMS.ContentInfo.10][REQ.CMS.ContentInfo.20]"
          "[REQ.CMS.SignedData.20][REQ.CMS.SignedData.30]") {
  const world w;
  const auto message = *w.send(test::sample(10));
  CHECK(unwrap_content_info(message)->type == content_type::signed_data);
  CHECK(verify(message, w.gateway.finds_signer())->type == content_type::auth_enveloped_data);
}

TEST_CASE("Keys, nonces and ephemerals serve one message only",
          "[REQ.CMS.AuthEnvelopedData.90][REQ.CMS.AesCbcCmac.60]") {
  const world w;
  int ephemerals = 0;
  std::vector<bytes> drawn;
  auto keys = w.gateway.source();
  const key_source counting{[&](curve c) {
                              ++ephemerals;
                              return keys.make_ephemeral(c);
                            },
                            [&](std::span<std::uint8_t> out) {
                              auto done = keys.random(out);
                              drawn.emplace_back(out.begin(), out.end());
                              return done;
                            }};
  const auto content = test::sample(100);
  for (const auto& suite : {eckaeg_aes128_gcm, eckaeg_aes128_cbc_cmac}) {
    drawn.clear();
    ephemerals = 0;
    sealing how{.suite = suite};
    const auto first = *seal(content, w.market.as_recipient(), how, counting);
    const auto count = drawn.size();
    const auto second = *seal(content, w.market.as_recipient(), how, counting);
    CHECK(first != second);
    CHECK(ephemerals == 2);
    // GCM: K and a nonce; CBC-CMAC: Kenc with KMAC, and no IV
    CHECK(count == (suite == eckaeg_aes128_gcm ? 2 : 1));
    CHECK(drawn[0].size() == (suite == eckaeg_aes128_gcm ? 16 : 32));
    CHECK(drawn[0] != drawn[count]);
  }
}

TEST_CASE("No changed bit of a message is accepted", "[REQ.CMS.AuthEnvelopedData.20][REQ.CMS.SignedData.40]") {
  const world w;
  const auto content = test::sample(40);
  for (const auto& suite : {eckaeg_aes128_gcm, eckaeg_aes128_cbc_cmac}) {
    protection how{.compress = suite == eckaeg_aes128_gcm};
    how.seal.suite = suite;
    const auto message = *w.send(content, how);
    for (std::size_t bit = 0; bit < 8 * message.size(); ++bit) {
      auto changed = message;
      changed[bit / 8] ^= static_cast<std::uint8_t>(1u << (bit % 8));
      REQUIRE_FALSE(w.receive(changed));
    }
  }
}

TEST_CASE("No changed bit of an envelope is accepted, without the signature around it",
          "[REQ.CMS.AuthEnvelopedData.20]") {
  const world w;
  const auto content = test::sample(40);
  for (const auto type : {content_type::data, content_type::compressed_data}) {
    const auto envelope = *seal(content, w.market.as_recipient(), {.type = type}, w.gateway.source());
    REQUIRE(open(envelope, w.market.finds_own_key()));
    for (std::size_t bit = 0; bit < 8 * envelope.size(); ++bit) {
      auto changed = envelope;
      changed[bit / 8] ^= static_cast<std::uint8_t>(1u << (bit % 8));
      REQUIRE_FALSE(open(changed, w.market.finds_own_key()));
    }
  }
}

TEST_CASE("No message cut off anywhere is accepted, nor one with something behind it") {
  const world w;
  const auto message = *w.send(test::sample(300));
  for (std::size_t n = 0; n < message.size(); ++n)
    REQUIRE(code(w.receive(bytes_view{message}.first(n))) == errc::malformed);
  auto longer = message;
  longer.push_back(0);
  CHECK(code(w.receive(longer)) == errc::malformed);
}

TEST_CASE("Messages of strangers and to others are refused", "[REQ.CMS.Zertifikate.10]") {
  const world w;
  const party stranger{curve::brainpool_p256r1, 0x33};
  const auto content = test::sample(10);
  const auto from_stranger = *protect(content, w.market.as_recipient(), stranger.as_signer(), {}, stranger.source());
  CHECK(code(w.receive(from_stranger)) == errc::untrusted);
  // With the gateway's key identifier, but without its key.
  auto forged = stranger.as_signer();
  forged.key_identifier = w.gateway.ski();
  CHECK(code(w.receive(*protect(content, w.market.as_recipient(), forged, {}, stranger.source()))) == errc::untrusted);
  const auto to_stranger = *protect(content, stranger.as_recipient(), w.gateway.as_signer(), {}, w.gateway.source());
  CHECK(code(w.receive(to_stranger)) == errc::denied);
  auto misaddressed = stranger.as_recipient();
  misaddressed.key_identifier = w.market.ski();
  CHECK(code(w.receive(*protect(content, misaddressed, w.gateway.as_signer(), {}, w.gateway.source()))) ==
        errc::untrusted);
}

TEST_CASE("A signed message that is not encrypted is no protected message") {
  const world w;
  const auto message = *sign(test::sample(10), content_type::data, w.gateway.as_signer());
  CHECK(code(w.receive(message)) == errc::denied);
}

TEST_CASE("Errors of the security module pass through") {
  const world w;
  const auto broken = [](auto&&...) { return fail(errc::unavailable, "no module"); };
  auto keys = w.gateway.source();
  keys.random = [&](std::span<std::uint8_t>) -> expected<void> { return broken(); };
  CHECK(protect(test::sample(1), w.market.as_recipient(), w.gateway.as_signer(), {}, keys).error().code ==
        errc::unavailable);
  keys = w.gateway.source();
  keys.make_ephemeral = [&](curve) -> expected<ephemeral> { return broken(); };
  CHECK(protect(test::sample(1), w.market.as_recipient(), w.gateway.as_signer(), {}, keys).error().code ==
        errc::unavailable);
  auto by = w.gateway.as_signer();
  by.sign = [&](bytes_view) -> expected<bytes> { return broken(); };
  CHECK(protect(test::sample(1), w.market.as_recipient(), by, {}, w.gateway.source()).error().code ==
        errc::unavailable);
  by.sign = [&](bytes_view) -> expected<bytes> { return bytes(63); };
  CHECK(protect(test::sample(1), w.market.as_recipient(), by, {}, w.gateway.source()).error().code == errc::internal);
  const auto message = *w.send(test::sample(1));
  const find_own_key locked = [&](bytes_view) -> expected<own_key> { return broken(); };
  CHECK(code(unprotect(message, w.gateway.finds_signer(), locked)) == errc::unavailable);
}

TEST_CASE("A recipient whose key is not on its curve is refused before anything is sent") {
  const world w;
  auto to = w.market.as_recipient();
  to.key.point.back() ^= 1;
  CHECK(protect(test::sample(1), to, w.gateway.as_signer(), {}, w.gateway.source()).error().code == errc::untrusted);
  to = w.market.as_recipient();
  to.key.group = curve::secp256r1;
  CHECK(protect(test::sample(1), to, w.gateway.as_signer(), {}, w.gateway.source()).error().code == errc::untrusted);
}

TEST_CASE("A message that inflates too far is refused") {
  const world w;
  CHECK(code(w.receive(*w.send(bytes(max_message)))) == errc{});
  CHECK(w.send(bytes(max_message + 1)).error().code == errc::exhausted);
}
