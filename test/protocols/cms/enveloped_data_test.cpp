// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "protocols/cms/enveloped_data.hpp"

#include "base/hex.hpp"
#include "base/octets.hpp"
#include "protocols/cms/der.hpp"
#include "protocols/cms/oids.hpp"
#include "protocols/cms/parties.hpp"

#include <catch2/catch_test_macros.hpp>

#include <functional>

using namespace smgw;
using namespace smgw::cms;
using test::party;

namespace {

/// The parts of an AuthEnvelopedData, to be put together again with one of them changed. All are whole elements.
struct parts {
  bytes version, originator_info;
  bytes kari_version, curve, point, ukm, kea, wrap, rid, encrypted_key;
  bytes second_recipient;
  bytes type, cipher_algorithm, ciphertext, attributes, mac, unauthenticated;
  std::uint8_t kari_tag = der::constructed(1);

  static bytes_view whole(der::reader& r) {
    const auto e = r.next();
    REQUIRE(e);
    return e->whole;
  }
  static der::reader into(bytes_view element) { return der::reader{der::reader{element}.next()->content}; }
  static bytes_view inside(bytes_view element) { return der::reader{element}.next()->content; }
  static void take(der::reader& r, bytes& to) {
    const auto element = whole(r);
    to.assign(element.begin(), element.end());
  }

  explicit parts(const bytes& message) {
    auto top = into(message);
    take(top, version);
    auto kari = into(inside(whole(top)));
    take(kari, kari_version);
    auto key = into(inside(whole(kari)));
    auto algorithm = into(whole(key));
    (void)whole(algorithm);
    take(algorithm, curve);
    take(key, point);
    auto encryption = into(whole(kari));
    take(encryption, kea);
    take(encryption, wrap);
    auto entry = into(inside(whole(kari)));
    take(entry, rid);
    take(entry, encrypted_key);
    auto content = into(whole(top));
    take(content, type);
    take(content, cipher_algorithm);
    take(content, ciphertext);
    if (top.at(der::constructed(1))) take(top, attributes);
    take(top, mac);
  }

  [[nodiscard]] bytes build() const {
    using der::make;
    const auto algorithm = make(der::sequence, {oids::ec_public_key, curve});
    const auto originator = make(der::constructed(0), make(der::constructed(1), {algorithm, point}));
    const auto encryption = make(der::sequence, {kea, wrap});
    const auto recipients = make(der::sequence, {second_recipient, make(der::sequence, {rid, encrypted_key})});
    const auto kari = make(kari_tag, {kari_version, originator, ukm, encryption, recipients});
    const auto content = make(der::sequence, {type, cipher_algorithm, ciphertext});
    return make(der::sequence,
                {version, originator_info, make(der::set, kari), content, attributes, mac, unauthenticated});
  }
};

struct fixture {
  party gateway{curve::brainpool_p256r1, 0x11}, market{curve::brainpool_p256r1, 0x22};
  bytes content = test::sample(50);
  [[nodiscard]] bytes sealed(const sealing& how = {}) const {
    return *seal(content, market.as_recipient(), how, gateway.source());
  }
  [[nodiscard]] errc code(const bytes& message, const opening& how = {}) const {
    const auto result = open(message, market.finds_own_key(), how);
    return result ? errc{} : result.error().code;
  }
  /// The code for a message with something changed.
  [[nodiscard]] errc changed(const std::function<void(parts&)>& change, const sealing& how = {}) const {
    parts p{sealed(how)};
    change(p);
    return code(p.build());
  }
};

bytes hex(const char* text) { return *from_hex(text); }
bytes gcm_algorithm(const char* parameters) {
  return der::make(der::sequence, {oids::of(cipher::aes128_gcm), hex(parameters)});
}
constexpr sealing cbc{.suite = eckaeg_aes128_cbc_cmac};

}  // namespace

TEST_CASE("AuthEnvelopedData has the fields of table 5.5", "[REQ.CMS.AuthEnvelopedData.20]") {
  const fixture f;
  const auto message = f.sealed();
  const parts p{message};
  CHECK(p.build() == message);
  CHECK(to_hex(p.version) == "020100");
  CHECK(to_hex(p.kari_version) == "020103");
  CHECK(to_hex(p.curve) == "06092b2403030208010107");
  CHECK(to_hex(p.point).starts_with("03420004"));
  CHECK(to_hex(p.kea) ==
        "060b04007f000701010501"
        "0103");
  CHECK(to_hex(p.wrap) == "300b0609608648016503040105");
  CHECK(to_hex(p.rid).starts_with("a0"));
  CHECK(p.encrypted_key.size() == 2 + 24);
  CHECK(to_hex(p.type) == "06092a864886f70d010701");
  CHECK(p.attributes.empty());
  CHECK(p.mac.size() == 2 + 16);
}

TEST_CASE("GCM parameters are a nonce of 12 octets and an explicit tag length of 16",
          "[REQ.CMS.AuthEnvelopedData.70][REQ.CMS.AuthEnvelopedData.80]") {
  const fixture f;
  const parts p{f.sealed()};
  const auto text = to_hex(p.cipher_algorithm);
  CHECK(
      text.starts_with("301e0609608648016503040106"
                       "3011040c"));
  CHECK(text.ends_with("020110"));
  const auto with = [&](const char* parameters) {
    return f.changed([&](parts& x) { x.cipher_algorithm = gcm_algorithm(parameters); });
  };
  CHECK(with("300e040c000000000000000000000000") == errc::malformed);  // default tag length
  CHECK(with("3011040c00000000000000000000000002010b") == errc::malformed);
  CHECK(with("3011040c000000000000000000000000020111") == errc::malformed);
  CHECK(with("3011040c00000000000000000000000002010f") == errc::malformed);  // not the length of the MAC
  CHECK(with("3010040b0000000000000000000000020110") == errc::malformed);
  CHECK(with("") == errc::malformed);
  CHECK(with("0500") == errc::malformed);
  CHECK(with("3011040c000000000000000000000000020110") == errc::untrusted);  // another nonce
  CHECK(with("3011040c0000000000000000000000000201100500") == errc::malformed);
}

TEST_CASE("Shorter GCM tags are taken from 12 octets on, unless forbidden") {
  const fixture f;
  parts p{f.sealed()};
  // GCM tags are cut from the full one, so that a peer with 12 octets can be played.
  p.mac = der::make(der::octet_string, bytes_view{p.mac}.subspan(2, 12));
  auto algorithm = p.cipher_algorithm;
  algorithm.back() = 12;
  p.cipher_algorithm = algorithm;
  CHECK(f.code(p.build()) == errc{});
  CHECK(f.code(p.build(), {.shortest_tag = 16}) == errc::denied);
}

TEST_CASE("CBC-CMAC leaves its parameters out", "[REQ.CMS.AuthEnvelopedData.50]") {
  const fixture f;
  const parts p{f.sealed(cbc)};
  CHECK(to_hex(p.cipher_algorithm) == "300c060a04007f00070103010102");
  CHECK(p.encrypted_key.size() == 2 + 40);
  CHECK(p.mac.size() == 2 + 16);
  CHECK(f.changed([](parts& x) { x.mac = der::make(der::octet_string, bytes(12)); }, cbc) == errc::malformed);
}

TEST_CASE("CBC-CMAC parameters, where present, carry a random IV and are authenticated",
          "[REQ.CMS.AesCbcCmac.70][REQ.CMS.AesCbcCmac.80][REQ.CMS.AesCbcCmac.100][REQ.CMS.AesCbcCmac.110]"
          "[REQ.CMS.AesCbcCmac.120]") {
  const fixture f;
  auto how = cbc;
  how.cbc_parameters = true;
  const auto message = f.sealed(how);
  const parts p{message}, q{f.sealed(how)};
  CHECK(open(message, f.market.finds_own_key())->content == f.content);
  CHECK(p.cipher_algorithm.size() == 14 + 20);
  CHECK(p.cipher_algorithm != q.cipher_algorithm);
  const auto parameters = to_hex(bytes_view{p.cipher_algorithm}.last(20));
  CHECK(parameters.starts_with("30120410"));
  CHECK(to_hex(p.attributes).find("060a04007f000701030101013114" + parameters) != std::string::npos);

  CHECK(f.changed([](parts& x) { x.attributes.clear(); }, how) == errc::malformed);
  CHECK(f.changed([](parts& x) { x.cipher_algorithm.back() ^= 1; }, how) == errc::malformed);
  CHECK(f.changed([](parts& x) { x.cipher_algorithm = hex("300c060a04007f00070103010102"); }, how) == errc::malformed);
  const auto with = [&](const char* text) {
    return f.changed(
        [&](parts& x) {
          x.cipher_algorithm = der::make(der::sequence, {oids::of(cipher::aes128_cbc_cmac), hex(text)});
        },
        how);
  };
  CHECK(with("3011040f000000000000000000000000000000") == errc::malformed);
  CHECK(with("3015041000000000000000000000000000000000020110") == errc::malformed);  // a default is left out
  CHECK(with("0500") == errc::malformed);
}

TEST_CASE("Attributes are needed where the content is not id-data, and name its type",
          "[REQ.CMS.AuthEnvelopedData.20]") {
  const fixture f;
  const sealing compressed{.type = content_type::compressed_data};
  const parts p{f.sealed(compressed)};
  CHECK(to_hex(p.attributes) == "a11c301a06092a864886f70d010903310d060b2a864886f70d0109100109");
  CHECK(f.changed([](parts& x) { x.attributes.clear(); }, compressed) == errc::malformed);
  CHECK(f.changed([](parts& x) { x.attributes = hex("a100"); }, compressed) == errc::malformed);
  CHECK(f.changed([](parts& x) { x.attributes = hex("a11a301806092a864886f70d010903310b06092a864886f70d010701"); },
                  compressed) == errc::malformed);
  // a second value, and the attribute twice
  CHECK(f.changed(
            [](parts& x) {
              x.attributes =
                  hex("a129302706092a864886f70d010903311a060b2a864886f70d0109100109060b2a864886f70d0109100109");
            },
            compressed) == errc::malformed);
  CHECK(f.changed(
            [](parts& x) {
              const auto one = bytes_view{x.attributes}.subspan(2);
              x.attributes = der::make(der::constructed(1), {one, one});
            },
            compressed) == errc::malformed);
  // an attribute that was not there when the MAC was made
  CHECK(f.changed([](parts& x) { x.attributes = hex("a11a301806092a864886f70d010903310b06092a864886f70d010701"); }) ==
        errc::untrusted);
}

TEST_CASE("AuthEnvelopedData: every departure from table 5.5 is refused", "[REQ.CMS.AuthEnvelopedData.20]") {
  const fixture f;
  CHECK(f.changed([](parts&) {}) == errc{});
  CHECK(f.changed([](parts& p) { p.version = hex("020101"); }) == errc::malformed);
  CHECK(f.changed([](parts& p) { p.originator_info = hex("a000"); }) == errc::malformed);
  CHECK(f.changed([](parts& p) { p.unauthenticated = hex("a200"); }) == errc::malformed);
  CHECK(f.changed([](parts& p) { p.kari_tag = der::constructed(2); }) == errc::malformed);
  CHECK(f.changed([](parts& p) { p.kari_version = hex("020102"); }) == errc::malformed);
  CHECK(f.changed([](parts& p) { p.ukm = hex("a1020400"); }) == errc::malformed);
  CHECK(f.changed([](parts& p) { p.curve.clear(); }) == errc{});
  CHECK(f.changed([](parts& p) { p.curve = hex("06082a8648ce3d030107"); }) == errc::malformed);
  CHECK(f.changed([](parts& p) { p.curve = hex("0500"); }) == errc::malformed);
  CHECK(f.changed([](parts& p) { p.point[2] = 1; }) == errc::malformed);
  CHECK(f.changed([](parts& p) { p.point.back() ^= 1; }) == errc::untrusted);
  CHECK(f.changed([](parts& p) { p.kea.back() = 9; }) == errc::unsupported);
  CHECK(f.changed([](parts& p) { p.kea.back() = 4; }) == errc::denied);
  CHECK(f.changed([](parts& p) { p.wrap = hex("300d06096086480165030401050500"); }) == errc::malformed);
  CHECK(f.changed([](parts& p) { p.wrap.back() = 0x06; }) == errc::unsupported);
  CHECK(f.changed([](parts& p) { p.rid[0] = 0x30; }) == errc::malformed);
  CHECK(f.changed([](parts& p) { p.rid = hex("a0020400"); }) == errc::malformed);
  CHECK(f.changed([](parts& p) { p.encrypted_key = der::make(der::octet_string, bytes(40)); }) == errc::malformed);
  CHECK(f.changed([](parts& p) { p.encrypted_key.back() ^= 1; }) == errc::untrusted);
  CHECK(f.changed([](parts& p) { p.type = hex("06092a864886f70d010702"); }) == errc::unsupported);
  CHECK(f.changed([](parts& p) { p.type = hex("06092a864886f70d010901"); }) == errc::unsupported);
  CHECK(f.changed([](parts& p) { p.type = hex("0500"); }) == errc::malformed);
  CHECK(f.changed([](parts& p) { p.cipher_algorithm = hex("300b0609608648016503040102"); }) == errc::unsupported);
  CHECK(f.changed([](parts& p) { p.ciphertext[0] = 0xa0; }) == errc::malformed);
  CHECK(f.changed([](parts& p) { p.ciphertext.clear(); }) == errc::untrusted);
  CHECK(f.changed([](parts& p) { p.mac = der::make(der::octet_string, bytes(17)); }) == errc::malformed);
}

TEST_CASE("A recipient's hints are read, its date is refused, and one of several is ours",
          "[REQ.CMS.AuthEnvelopedData.20]") {
  const fixture f;
  const auto with_rid = [&](const char* more) {
    return f.changed([&](parts& p) {
      const auto ski = der::make(der::octet_string, f.market.ski());
      p.rid = der::make(der::constructed(0), {ski, hex(more)});
    });
  };
  CHECK(with_rid("") == errc{});
  CHECK(with_rid("30050603550403") == errc{});
  CHECK(with_rid("180f32303236303130313030303030305a") == errc::malformed);
  const auto other = der::make(der::sequence, {hex("a0060404aabbccdd"), der::make(der::octet_string, bytes(24))});
  CHECK(f.changed([&](parts& p) { p.second_recipient = other; }) == errc{});
  CHECK(f.changed([&](parts& p) {
    for (std::size_t i = 0; i < max_recipients; ++i) put(p.second_recipient, other);
  }) == errc::exhausted);
}

TEST_CASE("What cannot be sealed is refused") {
  const fixture f;
  CHECK(
      seal(f.content, f.market.as_recipient(), {.type = content_type::signed_data}, f.gateway.source()).error().code ==
      errc::unsupported);
  CHECK(seal(bytes(max_message + 1), f.market.as_recipient(), {}, f.gateway.source()).error().code == errc::exhausted);
}

TEST_CASE("The shared information of RFC 5753 is another key") {
  const fixture f;
  const auto message = f.sealed({.info = shared_info::ecc_cms});
  CHECK(f.code(message) == errc::untrusted);
  CHECK(f.code(message, {.info = shared_info::ecc_cms}) == errc{});
  const auto named = f.sealed({.agreement = key_agreement::rfc5753});
  CHECK(f.code(named) == errc::unsupported);
  CHECK(f.code(named, {.agreement = key_agreement::rfc5753}) == errc{});
}
