// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "base/hex.hpp"
#include "base/octets.hpp"
#include "crypto/openssl_peer.hpp"
#include "crypto/pki.hpp"

#include <catch2/generators/catch_generators.hpp>

using namespace smgw;
using namespace smgw::crypto;
using namespace smgw::crypto::test;

namespace {

const timestamp year_later = day_one + std::chrono::days{365};

/// A small SM-PKI: root on P512, sub-CA on P384, one party on P256.
struct sm_pki {
  std::shared_ptr<soft_key_store> keys = soft_key_store::in_memory();
  certificate_authority root, sub;
  party_certificates admin;

  sm_pki()
      : root(must(certificate_authority::make_root(keys, "root", curve::brainpool_p512r1,
                                                   {.subject = {.common_name = "SM-Test-Root.CA",
                                                                .organisation = "SM-Test-PKI-DE",
                                                                .organisational_unit = {},
                                                                .country = "DE",
                                                                .serial_number = "1"},
                                                    .not_before = day_one - std::chrono::hours{1},
                                                    .not_after = day_one + std::chrono::days{8 * 365}}))),
        sub(must(root.make_sub_ca("sub", curve::brainpool_p384r1,
                                  {.subject = {.common_name = "Sub-Test.CA",
                                               .organisation = "SM-Test-PKI-DE",
                                               .organisational_unit = {},
                                               .country = "DE",
                                               .serial_number = "1"},
                                   .not_before = day_one - std::chrono::hours{1},
                                   .not_after = day_one + std::chrono::days{5 * 365}}))),
        admin(must(make_party(sub, *keys,
                              {.key_prefix = "gwa.",
                               .subject = {.common_name = "Test.GWA",
                                           .organisation = "SM-Test-PKI-DE",
                                           .organisational_unit = {},
                                           .country = "DE",
                                           .serial_number = "1"},
                               .not_before = day_one - std::chrono::hours{1},
                               .not_after = year_later,
                               .alternative_dns = "gwa.example"}))) {}
};

chain_rule rule(certificate_use use, timestamp now = day_one) { return {.use = use, .now = now}; }

}  // namespace

TEST_CASE("LMN certificates follow profile type A", "[certificate][REQ.ZertifikateLMN.Allgemein.10]") {
  const auto on = GENERATE(curve::brainpool_p256r1, curve::brainpool_p384r1, curve::brainpool_p512r1, curve::secp256r1,
                           curve::secp384r1);
  auto keys = soft_key_store::in_memory();
  must(keys->generate("k", on, key_purpose::lmn));
  self_signed_order order{};
  order.subject.common_name = "ebsi0012345678.sm";
  order.dns_name = "ebsi0012345678.sm";
  order.not_before = day_one;
  order.not_after = day_one + std::chrono::days{7 * 365};
  const auto c = must(make_self_signed(*keys, "k", order));
  CHECK(c.der.size() <= max_lmn_certificate_size);
  CHECK(c.subject_cn == "ebsi0012345678.sm");
  CHECK(c.issuer == c.subject);
  CHECK(c.serial.size() >= 8);
  CHECK(c.serial.size() <= 20);
  CHECK(c.serial[0] < 0x80);
  CHECK(c.signature_hash != hash::sha512);
  CHECK(c.not_before == order.not_before);
  CHECK(c.not_after == order.not_after);
  CHECK(c.public_point == must(keys->find("k")).public_point);
  CHECK(c.usage == key_usage{.present = true, .critical = true, .digital_signature = true});
  CHECK(c.server_auth);
  CHECK(c.client_auth);
  CHECK_FALSE(c.is_ca);
  CHECK(c.dns_names == std::vector<std::string>{"ebsi0012345678.sm"});
  CHECK(c.subject_key_id.empty());
  CHECK(c.authority_key_id.empty());
  CHECK(check_issued_by(c, c));
  CHECK(c.fingerprint != must(make_self_signed(*keys, "k", order)).fingerprint);  // a new serial number

  const scratch files;
  const auto pem = files.write("c.pem", to_pem(c));
  const auto [code, text] = run("openssl x509 -in " + pem + " -noout -text");
  CHECK(code == 0);
  for (const auto* line : {"CN=ebsi0012345678.sm", "X509v3 Key Usage: critical", "Digital Signature",
                           "TLS Web Server Authentication, TLS Web Client Authentication",
                           "X509v3 Subject Alternative Name: critical", "DNS:ebsi0012345678.sm", "CA:FALSE"})
    CHECK(text.find(line) != std::string::npos);
  for (const auto* line : {"Key Identifier", "Basic Constraints: critical", "Policies", "CRL"})
    CHECK(text.find(line) == std::string::npos);
  CHECK(run("openssl verify -partial_chain -check_ss_sig -no_check_time -CAfile " + pem + " " + pem).first == 0);
}

TEST_CASE("HAN certificates follow profile type A", "[certificate][REQ.ZertifikateHAN.Allgemein.10]") {
  auto keys = soft_key_store::in_memory();
  must(keys->generate("k", curve::brainpool_p256r1, key_purpose::tls));
  self_signed_order order{.profile = self_signed_profile::han,
                          .subject = {.common_name = "ebsi0012345678.smgw",
                                      .organisation = "An operator",
                                      .organisational_unit = "Test.GWA",
                                      .country = "DE",
                                      .serial_number = "1"},
                          .dns_name = "ebsi0012345678.sm",
                          .not_before = day_one,
                          .not_after = year_later};
  const auto c = must(make_self_signed(*keys, "k", order));
  CHECK(c.usage == key_usage{.present = true, .critical = false, .digital_signature = true});
  CHECK(c.subject_text == R"(CN="ebsi0012345678.smgw",O="An operator",OU="Test.GWA",C="DE",serialNumber="1")");
  CHECK(c.server_auth);
  CHECK(c.client_auth);
  CHECK(c.subject_key_id.size() == 20);
  const scratch files;
  const auto text = run("openssl x509 -noout -text -in " + files.write("c.pem", to_pem(c))).second;
  CHECK(text.find("X509v3 Subject Alternative Name: \n") != std::string::npos);
  CHECK(text.find("critical") == std::string::npos);

  order.subject.country = "Germany";
  CHECK(make_self_signed(*keys, "k", order).error().code == errc::malformed);
  order.subject.country = "DE";
  order.subject.organisation = std::string(65, 'o');
  CHECK(make_self_signed(*keys, "k", order).error().code == errc::malformed);
}

TEST_CASE("orders that break the LMN profile are refused", "[certificate][REQ.ZertifikateLMN.Allgemein.10]") {
  auto keys = soft_key_store::in_memory();
  must(keys->generate("k", curve::brainpool_p256r1, key_purpose::lmn));
  self_signed_order good{};
  good.subject.common_name = "1emh0010482201.sm";
  good.not_before = day_one;
  good.not_after = year_later;
  CHECK(make_self_signed(*keys, "k", good));
  CHECK(make_self_signed(*keys, "other", good).error().code == errc::conflict);
  const auto refused = [&](auto change) {
    auto order = good;
    change(order);
    const auto made = make_self_signed(*keys, "k", order);
    return !made && made.error().code == errc::malformed;
  };
  CHECK(refused([](auto& o) { o.not_after = o.not_before + std::chrono::days{8 * 365}; }));
  CHECK(refused([](auto& o) { o.not_after = o.not_before; }));
  CHECK(refused([](auto& o) { o.subject.common_name = "1emh0010482201"; }));
  CHECK(refused([](auto& o) { o.subject.common_name = "1emh0010482201.cls"; }));
  CHECK(refused([](auto& o) { o.subject.organisation = "x"; }));
  CHECK(refused([](auto& o) { o.subject.common_name = "\x01.sm"; }));
  CHECK(refused([](auto& o) { o.dns_name = "not a name"; }));
}

TEST_CASE("an SM-PKI of three levels, read by openssl too", "[certificate][REQ.TA.TLS.Handshake.20]") {
  const sm_pki pki;
  CHECK(pki.root.own().signature_hash == hash::sha512);
  CHECK(pki.sub.own().signature_hash == hash::sha512);
  CHECK(pki.sub.own().path_length == 0u);
  CHECK(pki.admin.tls.signature_hash == hash::sha384);
  CHECK(pki.admin.tls.on == curve::brainpool_p256r1);
  CHECK(pki.admin.encryption.usage == key_usage{.present = true, .critical = true, .key_agreement = true});
  CHECK(pki.admin.tls.authority_key_id == pki.sub.own().subject_key_id);
  CHECK(pki.admin.tls.dns_names == std::vector<std::string>{"gwa.example"});
  const scratch files;
  const auto root = files.write("root.pem", to_pem(pki.root.own())),
             sub = files.write("sub.pem", to_pem(pki.sub.own()));
  for (const auto* c : {&pki.admin.tls, &pki.admin.signature, &pki.admin.encryption}) {
    const auto [code, text] = run("openssl verify -no_check_time -CAfile " + root + " -untrusted " + sub + " " +
                                  files.write("ee.pem", to_pem(*c)));
    INFO(text);
    CHECK(code == 0);
    CHECK(must(parse_certificate(as_bytes(to_pem(*c)))) == *c);
  }
  const auto chain_pem = to_pem(pki.admin.tls) + to_pem(pki.sub.own());
  CHECK(must(parse_certificates(as_bytes(chain_pem))).size() == 2);
}

TEST_CASE("chains are checked link by link", "[certificate][REQ.TA.TLS.Handshake.20][REQ.TA.TLS.Handshake.160]") {
  const sm_pki pki, stranger;
  const std::vector anchors{pki.root.own()};
  const std::vector chain{pki.admin.tls, pki.sub.own()};
  CHECK(check_chain(chain, anchors, rule(certificate_use::tls_server)));
  CHECK(check_chain(chain, anchors, rule(certificate_use::tls_client)));
  CHECK(check_chain(std::vector{pki.admin.tls, pki.sub.own(), pki.root.own()}, anchors,
                    rule(certificate_use::tls_server)));
  CHECK(check_chain(std::vector{pki.admin.tls}, std::vector{pki.sub.own()}, rule(certificate_use::tls_server)));
  CHECK(check_chain(std::vector{pki.admin.signature, pki.sub.own()}, anchors, rule(certificate_use::signature)));
  CHECK(check_chain(std::vector{pki.admin.encryption, pki.sub.own()}, anchors, rule(certificate_use::encryption)));
  // Two anchors while the root changes.
  CHECK(check_chain(chain, std::vector{stranger.root.own(), pki.root.own()}, rule(certificate_use::tls_server)));

  const auto code = [&](const std::vector<certificate>& c, const std::vector<certificate>& a, chain_rule r) {
    const auto result = check_chain(c, a, r);
    return result ? errc{} : result.error().code;
  };
  const auto server = rule(certificate_use::tls_server);
  CHECK(code({}, anchors, server) == errc::untrusted);
  CHECK(code(chain, {}, server) == errc::untrusted);
  CHECK(code(chain, {stranger.root.own()}, server) == errc::untrusted);
  CHECK(code({pki.admin.tls}, anchors, server) == errc::untrusted);  // the sub-CA is missing
  CHECK(code({pki.admin.tls, stranger.sub.own()}, anchors, server) == errc::untrusted);
  CHECK(code({pki.admin.tls, pki.admin.signature}, anchors, server) == errc::untrusted);
  CHECK(code({pki.admin.tls}, {pki.admin.tls}, server) == errc::untrusted);  // pinning is another rule
  CHECK(code({pki.sub.own()}, anchors, server) == errc::denied);             // a CA is no end entity
  CHECK(code({pki.admin.encryption, pki.sub.own()}, anchors, server) == errc::denied);
  CHECK(code({pki.admin.tls, pki.sub.own()}, anchors, rule(certificate_use::encryption)) == errc::denied);
  CHECK(code(std::vector(5, pki.admin.tls), anchors, server) == errc::exhausted);
  CHECK(code(chain, anchors, rule(certificate_use::tls_server, year_later + std::chrono::hours{1})) == errc::expired);
  CHECK(code(chain, anchors, rule(certificate_use::tls_server, day_one - std::chrono::hours{2})) == errc::expired);
  CHECK(check_chain(chain, anchors, {.use = certificate_use::tls_server, .now = std::nullopt}));  // no trusted time yet

  // A sub-CA of a sub-CA whose path length forbids it.
  const auto deep = must(pki.sub.make_sub_ca("deep", curve::brainpool_p256r1,
                                             {.subject = {.common_name = "Deep.CA",
                                                          .organisation = {},
                                                          .organisational_unit = {},
                                                          .country = {},
                                                          .serial_number = {}},
                                              .not_before = day_one,
                                              .not_after = year_later}));
  const auto below = must(make_party(deep, *pki.keys,
                                     {.key_prefix = "deep.",
                                      .subject = {.common_name = "Deep.EMT",
                                                  .organisation = {},
                                                  .organisational_unit = {},
                                                  .country = {},
                                                  .serial_number = {}},
                                      .not_before = day_one,
                                      .not_after = year_later,
                                      .alternative_dns = {}}));
  CHECK(code({below.tls, deep.own(), pki.sub.own()}, anchors, rule(certificate_use::tls_server)) == errc::untrusted);
}

TEST_CASE("requests carry proof of possession", "[certificate]") {
  auto keys = soft_key_store::in_memory();
  const auto on = GENERATE(curve::brainpool_p256r1, curve::secp384r1);
  must(keys->generate("k", on, key_purpose::encryption));
  const auto der = must(make_request(*keys, "k",
                                     {.common_name = "EGWY0012345678.SMGW",
                                      .organisation = "SM-Test-PKI-DE",
                                      .organisational_unit = {},
                                      .country = "DE",
                                      .serial_number = "1"}));
  const auto request = must(parse_request(der));
  CHECK(request.subject_cn == "EGWY0012345678.SMGW");
  CHECK(request.public_point == must(keys->find("k")).public_point);
  const scratch files;
  const auto pem = to_pem("CERTIFICATE REQUEST", der);
  CHECK(must(parse_request(as_bytes(pem))).public_point == request.public_point);
  CHECK(run("openssl req -noout -verify -in " + files.write("r.pem", pem)).second.find("verify OK") !=
        std::string::npos);
  for (std::size_t i = 0; i < der.size(); ++i) {
    auto bent = der;
    bent[i] ^= 0x01;
    CHECK_FALSE(parse_request(bent));
    CHECK_FALSE(parse_request(bytes_view{der}.first(i)));
  }
}

TEST_CASE("a certificate authority refuses what its profile does not know", "[certificate]") {
  const sm_pki pki;
  auto keys = soft_key_store::in_memory();
  must(keys->generate("k", curve::brainpool_p256r1, key_purpose::tls));
  const auto request = must(parse_request(must(make_request(
      *keys, "k",
      {.common_name = "x.EMT", .organisation = {}, .organisational_unit = {}, .country = {}, .serial_number = {}}))));
  issue_order order{.use = sm_pki_use::tls, .not_before = day_one, .not_after = year_later, .alternative_dns = {}};
  CHECK(pki.sub.issue(request, order));
  order.not_after = day_one + std::chrono::days{3 * 365};
  CHECK(pki.sub.issue(request, order).error().code == errc::malformed);
  CHECK(certificate_authority::resume(pki.keys, "sub", pki.sub.own()));
  CHECK(certificate_authority::resume(pki.keys, "root", pki.sub.own()).error().code == errc::conflict);
  CHECK(certificate_authority::resume(pki.keys, "gwa.tls", pki.admin.tls).error().code == errc::conflict);
}

TEST_CASE("certificates made by openssl are read", "[certificate]") {
  const scratch files;
  const std::string curve_name = GENERATE("brainpoolP256r1", "brainpoolP512r1", "prime256v1", "secp384r1");
  REQUIRE(run("openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:" + curve_name + " -nodes -keyout " +
              (files / "k") + " -out " + (files / "c") +
              " -days 30000 -subj '/C=DE/O=Test/CN=peer.example' -sha256 "
              "-addext keyUsage=digitalSignature,keyAgreement -addext subjectAltName=DNS:peer.example,IP:127.0.0.1")
              .first == 0);
  std::ifstream in{files / "c"};
  const std::string pem{std::istreambuf_iterator<char>{in}, {}};
  const auto c = must(parse_certificate(as_bytes(pem)));
  CHECK(c.subject_cn == "peer.example");
  CHECK(c.on == must(parse_curve(curve_name)));
  CHECK(c.usage.key_agreement);
  CHECK(c.dns_names == std::vector<std::string>{"peer.example"});
  CHECK(c.not_after > day_one + std::chrono::days{25'000});  // beyond 2050: GeneralizedTime
  CHECK(check_issued_by(c, c));
}

TEST_CASE("what is not for this world is unsupported, what is broken is malformed", "[certificate]") {
  const scratch files;
  const auto make = [&](const std::string& options) {
    REQUIRE(
        run("openssl req -x509 -nodes -keyout " + (files / "k") + " -out " + (files / "c") + " -subj /CN=x " + options)
            .first == 0);
    std::ifstream in{files / "c"};
    return parse_certificate(as_bytes(std::string{std::istreambuf_iterator<char>{in}, {}}));
  };
  CHECK(make("-newkey rsa:2048").error().code == errc::unsupported);
  CHECK(make("-newkey ed25519").error().code == errc::unsupported);
  CHECK(make("-newkey ec -pkeyopt ec_paramgen_curve:secp521r1").error().code == errc::unsupported);
  CHECK(make("-newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -sha1").error().code == errc::unsupported);
  CHECK(make("-newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -pkeyopt ec_param_enc:explicit").error().code ==
        errc::unsupported);
  CHECK(make("-newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -addext 1.2.3.4=critical,ASN1:NULL").error().code ==
        errc::unsupported);
  CHECK(parse_certificate({}).error().code == errc::malformed);
  CHECK(parse_certificates({}).error().code == errc::truncated);
  CHECK(parse_certificate(as_bytes("-----BEGIN CERTIFICATE-----\nMII")).error().code == errc::truncated);
  CHECK(parse_certificate(as_bytes("-----BEGIN CERTIFICATE-----\n%%%\n-----END CERTIFICATE-----\n")).error().code ==
        errc::malformed);
  CHECK(parse_certificate(bytes(5 * max_certificate_size, '0')).error().code == errc::exhausted);
}

TEST_CASE("no flipped bit of a certificate goes unnoticed, no truncation crashes", "[certificate]") {
  const auto p = make_self_signed_party(curve::brainpool_p256r1);
  const auto& good = p.own();
  for (std::size_t i = 0; i < good.der.size(); ++i) {
    CHECK_FALSE(parse_certificate(bytes_view{good.der}.first(i)));
    for (const auto mask : std::initializer_list<std::uint8_t>{0x01, 0x20, 0x80}) {
      auto bent = good.der;
      bent[i] = static_cast<std::uint8_t>(bent[i] ^ mask);
      const auto parsed = parse_certificate(bent);
      if (parsed) CHECK_FALSE(check_issued_by(*parsed, good));
    }
  }
  auto two = good.der;
  put(two, good.der);
  CHECK_FALSE(parse_certificate(two));
  CHECK(must(parse_certificates(two)).size() == 2);
  bytes five;
  for (int i = 0; i < 5; ++i) put(five, good.der);
  CHECK(parse_certificates(five).error().code == errc::exhausted);
}
