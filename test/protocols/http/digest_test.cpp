// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "base/hex.hpp"
#include "base/octets.hpp"
#include "protocols/http/digest_server.hpp"

#include <botan/hash.h>
#include <catch2/catch_test_macros.hpp>

#include <cstdio>

using namespace smgw;
using namespace smgw::http;
using namespace std::chrono_literals;

namespace {

using verdict = digest_server::verdict;

hash_function botan_hash(const char* name) {
  return [name](bytes_view in) {
    const auto h = Botan::HashFunction::create_or_throw(name);
    h->update(in.data(), in.size());
    bytes out(h->output_length());
    h->final(out.data());
    return out;
  };
}
const hash_function sha256 = botan_hash("SHA-256");
const hash_function md5 = botan_hash("MD5");
secret word(std::string_view text) { return secret{as_bytes(text)}; }
const bytes random_octets(16, 0x5a);
const time_point t0 = time_point{} + 1000h;
constexpr std::string_view realm = "ebsi0012345678";

digest_tools tools() {
  return {sha256, md5, [](bytes_view in) {
            bytes keyed{'k', 'e', 'y'};
            put(keyed, in);
            return sha256(keyed);
          }};
}

/// A gateway with one consumer, and a client that answers its challenge.
struct world {
  explicit world(digest_policy p = {.realm = std::string{realm}}) : server(std::move(p), tools(), "ab01") {}
  const digest_account* find(std::string_view user) const { return user == "consumer1" ? &account : nullptr; }
  digest_server::decision check(const request& r, time_point now = t0) {
    return server.check(r, [this](std::string_view u) { return find(u); }, now);
  }
  std::string nonce(time_point now = t0, std::uint8_t seed = 1) {
    const auto text = server.challenge(bytes(16, seed), now).front();
    const auto at = text.find("nonce=\"") + 7;
    return text.substr(at, text.find('"', at) - at);
  }
  digest_server server;
  digest_account account{password_hash(sha256, "consumer1", realm, word("pass")),
                         password_hash(md5, "consumer1", realm, word("pass"))};
};

struct login {
  std::string nonce;
  std::string user = "consumer1";
  std::string password = "pass";
  std::uint64_t count = 1;
  std::string realm_name{realm};
  digest_algorithm algorithm = digest_algorithm::sha256;
  std::string uri = "/smgw/con/v1/";
  std::string hashed_method = "GET";
};

request answer(const login& l, method verb = method::get) {
  digest_credentials c;
  c.nonce = l.nonce;
  c.uri = l.uri;
  c.cnonce = "0a4f113b";
  char nc[20];
  std::snprintf(nc, sizeof nc, "%08llx", static_cast<unsigned long long>(l.count));
  c.count_text = nc;
  const auto& hash = l.algorithm == digest_algorithm::sha256 ? sha256 : md5;
  const auto proof =
      to_hex(digest_response(hash, password_hash(hash, l.user, l.realm_name, word(l.password)), c, l.hashed_method));
  request r{verb, "/smgw/con/v1/", {{"Host", "h"}}, {}};
  r.headers.add("Authorization", "Digest username=\"" + l.user + "\", realm=\"" + l.realm_name + "\", nonce=\"" +
                                     l.nonce + "\", uri=\"" + l.uri + "\", qop=auth, nc=" + c.count_text +
                                     ", cnonce=\"0a4f113b\", response=\"" + proof +
                                     "\", algorithm=" + std::string{to_string(l.algorithm)});
  return r;
}

errc refused(std::string_view text) {
  const auto c = parse_digest(text);
  return c ? errc{} : c.error().code;
}
constexpr std::string_view good =
    "Digest username=\"u\",realm=\"r\",nonce=\"n\",uri=\"/\",qop=auth,nc=00000001,cnonce=\"c\","
    "response=\"00112233445566778899aabbccddeeff\"";

}  // namespace

TEST_CASE("The example of RFC 7616, 3.9.1, with both algorithms",
          "[REQ.BenutzerAuth.Allgemein.10][REQ.BenutzerAuth.Allgemein.20]") {
  digest_credentials c;
  c.uri = "/dir/index.html";
  c.nonce = "7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v";
  c.cnonce = "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ";
  c.count_text = "00000001";
  const auto with = [&](const hash_function& h) {
    return to_hex(
        digest_response(h, password_hash(h, "Mufasa", "http-auth@example.org", word("Circle of Life")), c, "GET"));
  };
  CHECK(with(sha256) == "753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1");
  CHECK(with(md5) == "8ca523f5e9506fed4657c9700eebdbec");
}

TEST_CASE("401 with realm, nonce, qop, opaque and SHA-256",
          "[REQ.BenutzerAuth.Allgemein.10][REQ.BenutzerAuth.Allgemein.20]") {
  world w;
  CHECK(w.check({method::get, "/", {{"Host", "h"}}, {}}).what == verdict::absent);
  const auto r = w.server.unauthorized(random_octets, t0);
  CHECK(r.status == 401);
  CHECK(r.headers.count("WWW-Authenticate") == 1);
  const auto text = std::string{r.headers.get("WWW-Authenticate")};
  CHECK(text.starts_with("Digest realm=\"ebsi0012345678\",nonce=\""));
  CHECK(text.ends_with("\",qop=\"auth\",opaque=\"ab01\",algorithm=\"SHA-256\""));
  CHECK(w.nonce(t0, 1) != w.nonce(t0, 2));
  CHECK(w.nonce(t0, 1) != w.nonce(t0 + 1ms, 1));
}

TEST_CASE("Only the right digest opens", "[REQ.BenutzerAuth.Allgemein.10]") {
  world w;
  const auto granted = w.check(answer({.nonce = w.nonce()}));
  CHECK(granted.what == verdict::granted);
  CHECK(granted.user == "consumer1");
  CHECK(w.check(answer({.nonce = w.nonce(), .password = "Pass"})).what == verdict::failed);
  const auto unknown = w.check(answer({.nonce = w.nonce(), .user = "consumer2"}));
  CHECK(unknown.what == verdict::failed);
  CHECK(unknown.user.empty());
  CHECK(w.check(answer({.nonce = w.nonce(), .hashed_method = "POST"})).what == verdict::failed);
  CHECK(w.check(answer({.nonce = w.nonce(), .realm_name = "other"})).what == verdict::refused);
  CHECK(w.check(answer({.nonce = w.nonce(), .uri = "/other"})).what == verdict::refused);
  auto twice = answer({.nonce = w.nonce()});
  twice.headers.add("Authorization", std::string{twice.headers.get("Authorization")});
  CHECK(w.check(twice).what == verdict::refused);
  w.account = {};
  CHECK(w.check(answer({.nonce = w.nonce()})).what == verdict::failed);
}

TEST_CASE("MD5 only where the profile allows it, behind SHA-256",
          "[REQ.BenutzerAuth.Allgemein.20][REQ.BenutzerAuth.Allgemein.30]") {
  world w;
  CHECK(w.check(answer({.nonce = w.nonce(), .algorithm = digest_algorithm::md5})).what == verdict::refused);
  world both{{.realm = std::string{realm}, .md5 = true}};
  CHECK(both.check(answer({.nonce = both.nonce(), .algorithm = digest_algorithm::md5})).what == verdict::granted);
  const auto offers = both.server.challenge(random_octets, t0);
  REQUIRE(offers.size() == 2);
  CHECK(offers[0].contains("algorithm=\"SHA-256\""));
  CHECK(offers[1].contains("algorithm=\"MD5\""));
  // A stored SHA-256 hash does not stand in for a missing MD5 one.
  both.account.md5 = {};
  CHECK(both.check(answer({.nonce = both.nonce(), .algorithm = digest_algorithm::md5})).what == verdict::failed);
}

TEST_CASE("A nonce lives its time, and only ours count") {
  world w;
  const auto nonce = w.nonce();
  CHECK(w.check(answer({.nonce = nonce}), t0 + 5min - 1ms).what == verdict::granted);
  CHECK(w.check(answer({.nonce = nonce, .count = 2}), t0 + 5min).what == verdict::stale);
  CHECK(w.check(answer({.nonce = nonce, .count = 2}), t0 - 1ms).what == verdict::stale);
  CHECK(w.server.challenge(random_octets, t0, true).front().ends_with(",stale=\"true\""));
  auto forged = nonce;
  forged[3] = forged[3] == '0' ? '1' : '0';
  CHECK(w.check(answer({.nonce = forged})).what == verdict::stale);
  CHECK(w.check(answer({.nonce = "00"})).what == verdict::stale);
  CHECK(w.check(answer({.nonce = "no hex"})).what == verdict::stale);
  CHECK(w.check(answer({.nonce = std::string(80, '0')})).what == verdict::stale);
}

TEST_CASE("A count is good once, unless the profile is lenient") {
  world w;
  const auto nonce = w.nonce();
  CHECK(w.check(answer({.nonce = nonce, .count = 1})).what == verdict::granted);
  CHECK(w.check(answer({.nonce = nonce, .count = 1})).what == verdict::stale);
  CHECK(w.check(answer({.nonce = nonce, .count = 3})).what == verdict::granted);
  CHECK(w.check(answer({.nonce = nonce, .count = 2})).what == verdict::stale);
  world lenient{{.realm = std::string{realm}, .strict_count = false}};
  const auto same = lenient.nonce();
  CHECK(lenient.check(answer({.nonce = same})).what == verdict::granted);
  CHECK(lenient.check(answer({.nonce = same})).what == verdict::granted);
}

TEST_CASE("A full table of counts forgets the oldest nonce, and a forgotten one cannot be replayed") {
  world w;
  const auto first = w.nonce(t0);
  CHECK(w.check(answer({.nonce = first}), t0 + 1s).what == verdict::granted);
  for (int i = 1; i <= 256; ++i)
    CHECK(w.check(answer({.nonce = w.nonce(t0 + i * 1ms)}), t0 + 1s).what == verdict::granted);
  CHECK(w.check(answer({.nonce = first}), t0 + 1s).what == verdict::stale);
  CHECK(w.check(answer({.nonce = w.nonce(t0 + 500ms)}), t0 + 1s).what == verdict::granted);
}

TEST_CASE("The client that hashes GET for a POST needs a switch") {
  world w;
  CHECK(w.check(answer({.nonce = w.nonce()}, method::post)).what == verdict::failed);
  world tolerant{{.realm = std::string{realm}, .accept_get_for_post = true}};
  CHECK(tolerant.check(answer({.nonce = tolerant.nonce()}, method::post)).what == verdict::granted);
  CHECK(tolerant.check(answer({.nonce = tolerant.nonce()}, method::put)).what == verdict::failed);
}

TEST_CASE("Authorization: how clients write it") {
  CHECK(parse_digest(good)->algorithm == digest_algorithm::md5);
  const auto quoted = parse_digest(
      "digest username=\"a\\\"b\", realm=\"r\", nonce=\"n\", uri=\"/?a=1,2\", qop=\"auth\", nc=\"0000000a\", "
      "cnonce=\"c\", response=\"00112233445566778899aabbccddeeff\", algorithm=\"MD5\", opaque=\"o\",");
  REQUIRE(quoted);
  CHECK(quoted->user == "a\"b");
  CHECK(quoted->uri == "/?a=1,2");
  CHECK(quoted->count == 10);
  auto text = std::string{good};
  text.replace(text.find("00000001"), 8, std::string(31, '0') + "f");
  CHECK(parse_digest(text)->count == 15);
}

TEST_CASE("Authorization: refused") {
  CHECK(refused("Basic dTpw") == errc::unsupported);
  CHECK(refused("") == errc::unsupported);
  CHECK(refused("Digest ") == errc::malformed);
  CHECK(refused("Digest =1") == errc::malformed);
  CHECK(refused("Digest username") == errc::malformed);
  CHECK(refused("Digest username=\"u") == errc::malformed);
  CHECK(refused("Digest username=\"u\\") == errc::malformed);
  CHECK(refused(std::string{good} + ",uri=\"/\"") == errc::malformed);
  CHECK(refused(std::string{good} + " x=1") == errc::malformed);
  CHECK(refused(std::string{good} + ",algorithm=SHA-512-256") == errc::unsupported);
  CHECK(refused(std::string{good} + ",algorithm=MD5-sess") == errc::unsupported);
  CHECK(refused(std::string{good} + ",algorithm=SHA-256") == errc::malformed);  // the response is too short for it
  CHECK(refused(std::string{good} + ",userhash=true") == errc::unsupported);
  CHECK(refused(std::string{good} + ",x=\"" + std::string(2048, 'x') + "\"") == errc::exhausted);
  std::string many{good};
  for (int i = 0; i < 16; ++i) many += ",x" + std::to_string(i) + "=1";
  CHECK(refused(many) == errc::exhausted);
  for (const std::string name : {"username", "realm", "nonce", "uri", "response", "cnonce", "nc", "qop"}) {
    auto text = std::string{good};
    text.replace(text.find(name + "="), name.size(), "other");
    CHECK(refused(text) == errc::malformed);
  }
  const std::vector<std::string> counts{"1",        "00000000",           "0000000g",
                                        "-0000001", std::string(33, '0'), "1" + std::string(16, '0')};
  for (const auto& nc : counts) {
    auto text = std::string{good};
    text.replace(text.find("00000001"), 8, nc);
    CHECK(refused(text) == errc::malformed);
  }
  auto integrity = std::string{good};
  integrity.replace(integrity.find("qop=auth"), 8, "qop=auth-int");
  CHECK(refused(integrity) == errc::unsupported);
}
