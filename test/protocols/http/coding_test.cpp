// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "protocols/http/coding.hpp"

#include "base/octets.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace smgw;
using namespace smgw::http;

namespace {

request post(const char* type, std::string_view body) {
  request r{method::post, "/", {{"Host", "h"}, {"Content-Type", type}}, {}};
  put(r.body, body);
  return r;
}
const std::string text(1000, 'x');

}  // namespace

TEST_CASE("POST of JSON and XML is compressed, with the token that is configured", "[REQ.Webservice.HttpClient.130]") {
  for (const auto* type : {"application/json", "application/xml"})
    for (const auto c : {coding::zlib_token, coding::gzip, coding::deflate}) {
      auto r = post(type, text);
      REQUIRE(compress_body(r, c));
      CHECK(r.headers.get("Content-Encoding") == to_string(c));
      CHECK(r.body.size() < 100);
      // RFC 1952 begins 1F 8B, RFC 1950 with 78.
      CHECK(r.body[0] == (c == coding::deflate ? 0x78 : 0x1f));
      const auto back = decoded_body(r.headers, r.body, 1000);
      REQUIRE(back);
      CHECK(as_text(*back) == text);
      CHECK(compress_body(r, c).error().code == errc::conflict);
    }
  CHECK(to_string(coding::zlib_token) == "zlib");
}

TEST_CASE("Other requests go out as they are", "[REQ.Webservice.HttpClient.130]") {
  auto cms = post("application/vnd.de-dke-k461-cosem+xml;encap=cms-tr03109", text);
  auto put_request = post("application/json", text);
  put_request.verb = method::put;
  auto empty = post("application/json", "");
  for (auto* r : {&cms, &put_request, &empty}) {
    const auto before = *r;
    REQUIRE(compress_body(*r, coding::gzip));
    CHECK(*r == before);
  }
}

TEST_CASE("Encoded bodies: bounds and refusals") {
  auto r = post("application/json", text);
  REQUIRE(compress_body(r, coding::gzip));
  CHECK(decoded_body(r.headers, r.body, 999).error().code == errc::exhausted);
  CHECK(decoded_body({}, as_bytes(text), 999).error().code == errc::exhausted);
  CHECK(decoded_body({}, as_bytes(text), 1000)->size() == 1000);
  CHECK(decoded_body({{"Content-Encoding", "Identity"}}, as_bytes("a"), 10)->size() == 1);
  const bytes_view whole{r.body};
  CHECK(decoded_body(r.headers, whole.first(whole.size() - 1), 1000).error().code == errc::malformed);
  CHECK(decoded_body(r.headers, {}, 1000).error().code == errc::malformed);
  CHECK(decoded_body(r.headers, as_bytes("plain"), 1000).error().code == errc::malformed);
  auto longer = r.body;
  longer.push_back(0);
  CHECK(decoded_body(r.headers, longer, 1000).error().code == errc::malformed);
  CHECK(decoded_body({{"Content-Encoding", "br"}}, whole, 1000).error().code == errc::unsupported);
  CHECK(decoded_body({{"Content-Encoding", "gzip"}, {"Content-Encoding", "gzip"}}, whole, 1000).error().code ==
        errc::unsupported);
}
