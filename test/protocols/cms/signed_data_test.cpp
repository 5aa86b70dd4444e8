// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "protocols/cms/signed_data.hpp"

#include "base/hex.hpp"
#include "base/octets.hpp"
#include "protocols/cms/attributes.hpp"
#include "protocols/cms/content_info.hpp"
#include "protocols/cms/der.hpp"
#include "protocols/cms/oids.hpp"
#include "protocols/cms/parties.hpp"
#include "protocols/cms/primitives.hpp"

#include <catch2/catch_test_macros.hpp>

#include <algorithm>
#include <functional>

using namespace smgw;
using namespace smgw::cms;
using test::party;

namespace {

bytes hex(const char* text) { return *from_hex(text); }

/// A SignedData built part by part, with a correct signature over whatever the attributes are.
struct builder {
  explicit builder(const party& p) : by(p.as_signer()) {
    attributes = {{oids::attribute_content_type, oids::of(content_type::data)},
                  {oids::attribute_message_digest, digest_value}};
  }
  signer by;
  bytes content = test::sample(20);
  bytes digest_value = der::make(der::octet_string, *hash(digest::sha256, content));
  bytes sha256 = der::make(der::sequence, oids::of(digest::sha256));
  bytes version = hex("020103"), digests = sha256, type = to_bytes(oids::of(content_type::data));
  bytes e_content = der::make(der::constructed(0), der::make(der::octet_string, content));
  bytes certificates, crls;
  bytes signer_version = hex("020103");
  std::optional<bytes> sid;
  bytes digest_algorithm = sha256, signature_algorithm = der::make(der::sequence, oids::signature(digest::sha256));
  std::vector<attribute> attributes;
  std::optional<bytes> raw_attributes;
  bytes unsigned_attributes, more_signers;

  static bytes to_bytes(bytes_view v) { return {v.begin(), v.end()}; }
  [[nodiscard]] bytes build() const {
    using der::make;
    const auto set = raw_attributes.value_or(encode_attributes(attributes));
    const auto signature = der::signature_from_plain(*by.sign(*hash(digest::sha256, make(der::set, set))));
    const auto info = make(der::sequence, {signer_version, sid.value_or(make(der::context(0), by.key_identifier)),
                                           digest_algorithm, make(der::constructed(0), set), signature_algorithm,
                                           make(der::octet_string, signature), unsigned_attributes});
    return wrap_content_info(
        content_type::signed_data,
        make(der::sequence, {version, make(der::set, digests), make(der::sequence, {type, e_content}), certificates,
                             crls, make(der::set, {info, more_signers})}));
  }
};

struct fixture {
  party gateway{curve::brainpool_p256r1, 0x11};
  [[nodiscard]] errc code(const bytes& message, const verifying& how = {}) const {
    const auto result = verify(message, gateway.finds_signer(), how);
    return result ? errc{} : result.error().code;
  }
  [[nodiscard]] errc changed(const std::function<void(builder&)>& change, const verifying& how = {}) const {
    builder b{gateway};
    change(b);
    return code(b.build(), how);
  }
};

}  // namespace

TEST_CASE("SignedData has the fields of table 5.6", "[REQ.CMS.SignedData.40]") {
  const fixture f;
  const builder b{f.gateway};
  const auto text = to_hex(*sign(b.content, content_type::data, b.by));
  // Only the signature differs: it is made anew each time. Its length varies by a few octets, and with it all lengths
  // around it, so one of the same length is waited for (every second or third is).
  auto built = to_hex(b.build());
  for (int i = 0; i < 1000 && built.size() != text.size(); ++i) built = to_hex(b.build());
  REQUIRE(built.size() == text.size());
  const auto before_signature = text.rfind("300a06082a8648ce3d040302");
  REQUIRE(before_signature != std::string::npos);
  CHECK(text.substr(0, before_signature) == built.substr(0, before_signature));
  CHECK(text.find("020103310d300b06096086480165030402013023") != std::string::npos);
}

TEST_CASE("Content signed inside and outside verifies", "[REQ.CMS.MessageCipherSuite.20]") {
  const auto content = test::sample(100);
  for (const auto c : test::all_curves)
    for (const auto d : {digest::sha256, digest::sha384, digest::sha512}) {
      const party p{c, 0x11};
      const verifying how{.digests = {d}};
      const auto inside = *sign(content, content_type::auth_enveloped_data, p.as_signer(d));
      const auto v = verify(inside, p.finds_signer(), how);
      REQUIRE(v);
      CHECK(v->type == content_type::auth_enveloped_data);
      CHECK(std::ranges::equal(v->content, content));
      CHECK(std::ranges::equal(v->key_identifier, p.ski()));
      CHECK(v->certificate.empty());
      const auto outside = *sign_detached(content, p.as_signer(d));
      CHECK(outside.size() < inside.size() - content.size());
      CHECK(verify_detached(outside, content, p.finds_signer(), how));
      CHECK(verify(outside, p.finds_signer(), how).error().code == errc::malformed);
      CHECK(verify_detached(inside, content, p.finds_signer(), how).error().code == errc::malformed);
      CHECK(verify_detached(outside, test::sample(101), p.finds_signer(), how).error().code == errc::untrusted);
    }
}

TEST_CASE("SignedData: every departure from table 5.6 is refused", "[REQ.CMS.SignedData.40][REQ.CMS.SignedData.60]") {
  const fixture f;
  CHECK(f.changed([](builder&) {}) == errc{});
  CHECK(f.changed([](builder& b) { b.version = hex("020101"); }) == errc::malformed);
  CHECK(f.changed([](builder& b) { b.digests.clear(); }) == errc::malformed);
  CHECK(f.changed([](builder& b) { put(b.digests, bytes{b.sha256}); }) == errc::malformed);
  CHECK(f.changed([](builder& b) { b.digests = der::make(der::sequence, oids::of(digest::sha384)); }) ==
        errc::malformed);
  CHECK(f.changed([](builder& b) { b.digests = b.digest_algorithm = hex("300706052b0e03021a"); }) ==
        errc::unsupported);  // SHA-1
  CHECK(f.changed([](builder& b) { b.type = hex("06092a864886f70d010702"); }) == errc::unsupported);
  CHECK(f.changed([](builder& b) { b.type = hex("0500"); }) == errc::malformed);
  CHECK(f.changed([](builder& b) { b.type = builder::to_bytes(oids::of(content_type::auth_enveloped_data)); }) ==
        errc::malformed);  // the attribute says id-data
  CHECK(f.changed([](builder& b) { b.crls = hex("a100"); }) == errc::malformed);
  CHECK(f.changed([](builder& b) { b.more_signers = hex("3000"); }) == errc::malformed);
  CHECK(f.changed([](builder& b) { b.signer_version = hex("020101"); }) == errc::malformed);
  CHECK(f.changed([](builder& b) { b.sid = hex("3000"); }) == errc::malformed);
  CHECK(f.changed([](builder& b) { b.sid = hex("8000"); }) == errc::malformed);
  CHECK(f.changed([](builder& b) { b.sid = hex("8004aabbccdd"); }) == errc::untrusted);
  CHECK(f.changed([](builder& b) { b.signature_algorithm = hex("300a06082a8648ce3d040303"); }) == errc::malformed);
  CHECK(f.changed([](builder& b) { b.signature_algorithm = hex("300d06092a864886f70d01010b0500"); }) ==
        errc::unsupported);  // RSA
  CHECK(f.changed([](builder& b) { b.signature_algorithm = hex("300c060a04007f00070101040103"); }) ==
        errc::unsupported);  // ecdsa-plain
  CHECK(f.changed([](builder& b) { b.unsigned_attributes = hex("a100"); }) == errc::malformed);
}

TEST_CASE("Parameters of digest and signature may be NULL when received", "[REQ.CMS.SignedData.50]") {
  const fixture f;
  const auto null = hex("300d06096086480165030402010500");
  CHECK(f.changed([&](builder& b) { b.digests = b.digest_algorithm = null; }) == errc{});
  CHECK(f.changed([&](builder& b) { b.signature_algorithm = hex("300c06082a8648ce3d0403020500"); }) == errc{});
  CHECK(f.changed([&](builder& b) {
    b.digests =
        hex("300d0609608648016503040201"
            "0401");
  }) == errc::malformed);
  CHECK(f.changed([&](builder& b) { b.digests = hex("300f060960864801650304020105000500"); }) == errc::malformed);
}

TEST_CASE("Signed attributes are content-type and message-digest, in order, with one value each",
          "[REQ.CMS.SignedData.40]") {
  const fixture f;
  CHECK(f.changed([](builder& b) { b.attributes.pop_back(); }) == errc::malformed);
  CHECK(f.changed([](builder& b) { b.attributes.erase(b.attributes.begin()); }) == errc::malformed);
  CHECK(f.changed([](builder& b) { b.raw_attributes = bytes{}; }) == errc::malformed);
  CHECK(f.changed([](builder& b) {
    const auto first = encode_attributes({b.attributes[0]}), second = encode_attributes({b.attributes[1]});
    b.raw_attributes = second;  // the digest is the longer one, and sorts behind
    put(*b.raw_attributes, first);
  }) == errc::malformed);
  const auto signing_time = hex("06092a864886f70d010905");
  const auto time = hex("170d3236303130313030303030305a");
  const auto add_time = [&](builder& b) { b.attributes.push_back({signing_time, time}); };
  CHECK(f.changed(add_time) == errc::malformed);
  CHECK(f.changed(add_time, {.other_attributes = true}) == errc{});
  const auto oid = hex("0603550403");
  CHECK(f.changed(
            [&](builder& b) {
              std::vector<bytes> types(max_attributes, oid);
              for (std::size_t i = 0; i < types.size(); ++i) types[i].back() = static_cast<std::uint8_t>(i);
              for (const auto& t : types) b.attributes.push_back({t, time});
              b.raw_attributes = encode_attributes(b.attributes);
              b.attributes.clear();
            },
            {.other_attributes = true}) == errc::exhausted);
}

TEST_CASE("A signature has to be X9.62 and fit the curve", "[REQ.CMS.SignedData.70]") {
  const fixture f;
  for (const auto& plain : {bytes(64), bytes(64, 0xff)}) {
    builder b{f.gateway};
    b.by.sign = [&](bytes_view) -> expected<bytes> { return plain; };
    CHECK(f.code(b.build()) == errc::untrusted);
  }
  // Plain r‖s where DER belongs.
  auto message = builder{f.gateway}.build();
  const party other{curve::secp256r1, 0x11};
  CHECK(verify(message, other.finds_signer()).error().code == errc::untrusted);
}

TEST_CASE("An embedded certificate has to be the configured one", "[REQ.CMS.Zertifikate.10][REQ.CMS.Zertifikate.20]") {
  const fixture f;
  const party stranger{curve::brainpool_p256r1, 0x44};
  auto by = f.gateway.as_signer();
  by.certificate = f.gateway.certificate_der();
  const auto message = *sign(test::sample(10), content_type::data, by);
  const auto v = verify(message, f.gateway.finds_signer());
  REQUIRE(v);
  CHECK(std::ranges::equal(v->certificate, by.certificate));
  const auto with = [&](const bytes& set) { return f.changed([&](builder& b) { b.certificates = set; }); };
  const auto own = f.gateway.certificate_der(), foreign = stranger.certificate_der();
  CHECK(with(der::make(der::constructed(0), own)) == errc{});
  CHECK(with(der::make(der::constructed(0), foreign)) == errc::untrusted);
  CHECK(with(der::make(der::constructed(0), {own, own})) == errc::malformed);
  CHECK(with(hex("a000")) == errc::malformed);
  CHECK(with(hex("a0023000")) == errc::untrusted);
  CHECK(with(hex("a0020400")) == errc::malformed);
  CHECK(with(der::make(der::constructed(0), der::make(der::sequence, bytes(max_certificate)))) == errc::exhausted);
  // Of the same key and the same name, but not the configured one.
  CHECK(with(der::make(der::constructed(0), party{curve::brainpool_p256r1, 0x11}.certificate_der())) ==
        errc::untrusted);
  // Where only a key is configured, nothing vouches for a certificate.
  const find_signer key_alone = [&](bytes_view) -> expected<known_signer> { return known_signer{f.gateway.key(), {}}; };
  CHECK(verify(message, key_alone).error().code == errc::untrusted);
  CHECK(verify(*sign(test::sample(10), content_type::data, f.gateway.as_signer()), key_alone));
}

TEST_CASE("No changed bit of an embedded certificate is accepted", "[REQ.CMS.Zertifikate.10]") {
  for (const auto c : test::all_curves) {
    const party gateway{c, 0x11};
    auto by = gateway.as_signer();
    by.certificate = gateway.certificate_der();
    const auto content = test::sample(10);
    const auto inside = *sign(content, content_type::data, by);
    const auto outside = *sign_detached(content, by);
    REQUIRE(verify(inside, gateway.finds_signer()));
    REQUIRE(verify_detached(outside, content, gateway.finds_signer()));
    const auto flip = [&](bytes message, std::size_t bit) {
      const auto at = std::ranges::search(message, by.certificate).begin() + static_cast<std::ptrdiff_t>(bit / 8);
      *at ^= static_cast<std::uint8_t>(1u << (bit % 8));
      return message;
    };
    const auto header = der::peek_header(by.certificate).value()->size;
    for (std::size_t bit = 0; bit < 8 * by.certificate.size(); ++bit) {
      INFO(test::curve_name(c) << ", bit " << bit);
      const auto whole = verify(flip(inside, bit), gateway.finds_signer());
      const auto detached = verify_detached(flip(outside, bit), content, gateway.finds_signer());
      REQUIRE_FALSE(whole);
      REQUIRE_FALSE(detached);
      if (bit < 8 * header) continue;  // there the structure breaks first
      REQUIRE(whole.error().code == errc::untrusted);
      REQUIRE(detached.error().code == errc::untrusted);
    }
  }
}

TEST_CASE("ContentInfo is the outermost level and knows four types", "[REQ.CMS.ContentInfo.10]") {
  const auto made = wrap_content_info(content_type::compressed_data, hex("3000"));
  CHECK(to_hex(made) == "3011060b2a864886f70d0109100109a0023000");
  CHECK(unwrap_content_info(made)->type == content_type::compressed_data);
  CHECK(to_hex(unwrap_content_info(made)->content) == "3000");
  CHECK(unwrap_content_info(hex("300f06092a864886f70d010703a0023000")).error().code == errc::unsupported);
  CHECK(unwrap_content_info(hex("3080")).error().code == errc::malformed);
  CHECK(unwrap_content_info(hex("300b06092a864886f70d010702")).error().code == errc::malformed);
  CHECK(unwrap_content_info(bytes(2 * max_message)).error().code == errc::exhausted);
  const auto enveloped = wrap_content_info(content_type::auth_enveloped_data, hex("3000"));
  CHECK(verify(enveloped, fixture{}.gateway.finds_signer()).error().code == errc::unsupported);
}

TEST_CASE("Only two types are signed, and a signer has a key identifier") {
  const party p{curve::brainpool_p256r1, 0x11};
  CHECK(sign({}, content_type::compressed_data, p.as_signer()).error().code == errc::unsupported);
  auto by = p.as_signer();
  by.key_identifier.clear();
  CHECK(sign({}, content_type::data, by).error().code == errc::malformed);
}
