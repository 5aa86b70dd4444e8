// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "protocols/http/message.hpp"

#include "base/octets.hpp"
#include "protocols/http/parser.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace smgw;
using namespace smgw::http;

namespace {

std::string text(const expected<bytes>& b) { return b ? std::string{as_text(*b)} : "error"; }
bytes octets(std::string_view t) { return {t.begin(), t.end()}; }

}  // namespace

TEST_CASE("A delivery is posted as gateways in the field do",
          "[REQ.Webservice.HttpClient.60][REQ.Webservice.HttpClient.90]") {
  const request r{
      method::post,
      "/",
      {{"Host", "market.example"}, {"Content-Type", "application/vnd.de-dke-k461-cosem+xml;encap=cms-tr03109"}},
      octets("abc")};
  CHECK(text(encode(r)) ==
        "POST / HTTP/1.1\r\nHost: market.example\r\n"
        "Content-Type: application/vnd.de-dke-k461-cosem+xml;encap=cms-tr03109\r\nContent-Length: 3\r\n\r\nabc");
}

TEST_CASE("Only what is needed is added", "[REQ.Webservice.HttpServer.160]") {
  CHECK(text(encode(request{method::get, "/a", {{"Host", "h"}}, {}})) == "GET /a HTTP/1.1\r\nHost: h\r\n\r\n");
  CHECK(text(encode(request{method::put, "/a", {{"Host", "h"}}, {}})) ==
        "PUT /a HTTP/1.1\r\nHost: h\r\nContent-Length: 0\r\n\r\n");
  CHECK(text(encode(response{204, {}, {}, {}})) == "HTTP/1.1 204 No Content\r\n\r\n");
  CHECK(text(encode(response{202, {}, {}, {}})) == "HTTP/1.1 202 Accepted\r\nContent-Length: 0\r\n\r\n");
  CHECK(text(encode(response{404, {}, {}, octets("x"), false})) ==
        "HTTP/1.1 404 Not Found\r\nContent-Length: 1\r\nConnection: close\r\n\r\nx");
  CHECK(text(encode(response{200, {}, {}, octets("xyz")}, true)) == "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\n");
  CHECK(text(encode(response{299, "Fine", {}, {}})).starts_with("HTTP/1.1 299 Fine\r\n"));
}

TEST_CASE("Nothing can be smuggled into a message of ours") {
  const auto code = [](const fields& f) {
    const auto made = encode(response{200, {}, f, {}});
    return made ? errc{} : made.error().code;
  };
  CHECK(code({{"X", "a b\tc"}}) == errc{});
  CHECK(code({{"X", ""}}) == errc{});
  for (const auto& f :
       {field{"X", "a\r\nY: b"}, field{"X", "a\nY: b"}, field{"X", std::string("a\0b", 3)}, field{"X", "a\x7f"},
        field{"X", " a"}, field{"X", "a "}, field{"X\r\nY", "a"}, field{"X Y", "a"}, field{"X:", "a"}, field{"", "a"},
        field{"Content-Length", "0"}, field{"transfer-encoding", "chunked"}})
    CHECK(code({f}) == errc::malformed);
  CHECK_FALSE(encode(response{200, "OK\r\nX: y", {}, {}}));
  CHECK_FALSE(encode(response{99, {}, {}, {}}));
  CHECK_FALSE(encode(response{600, {}, {}, {}}));
  CHECK_FALSE(encode(response{204, {}, {}, octets("x")}));
  for (const auto* target : {"", "a", "/a b", "/a\r\n", "/\x80", "/\x7f", "http://h/"})
    CHECK_FALSE(encode(request{method::get, target, {{"Host", "h"}}, {}}));
  CHECK_FALSE(encode(request{method::get, "/", {}, {}}));
  CHECK_FALSE(encode(request{method::get, "/", {{"Host", "a"}, {"host", "b"}}, {}}));
  CHECK_FALSE(encode(request{method::get, "/", {{"Host", "a b"}}, {}}));
}

TEST_CASE("What is encoded is parsed") {
  for (const auto verb : {method::get, method::head, method::put, method::post, method::del})
    for (const auto* body : {"", "some body"})
      for (const bool keep_alive : {false, true}) {
        const request r{verb, "/p?q=1", {{"Host", "h"}, {"X", "y"}}, octets(body), keep_alive};
        request_parser p;
        auto read = p.feed(*encode(r));
        REQUIRE((read && *read));
        (*read)->headers.erase("Content-Length");
        (*read)->headers.erase("Connection");
        CHECK(**read == r);
      }
  const response r{409, "Conflict", {{"X", "y"}}, octets("body")};
  response_parser p;
  p.expect(method::put);
  auto read = p.feed(*encode(r));
  REQUIRE((read && *read));
  (*read)->headers.erase("content-length");
  CHECK(**read == r);
}

TEST_CASE("Every status of the table has its phrase", "[REQ.Webservice.HttpServer.91][REQ.Webservice.HttpClient.50]") {
  for (const int status : {200, 201, 202, 204, 206, 400, 401, 403, 404, 405, 406, 408,
                           409, 411, 413, 414, 415, 416, 422, 431, 500, 502, 503, 505})
    CHECK_FALSE(reason_phrase(status).empty());
  CHECK(reason_phrase(299).empty());
}

TEST_CASE("Header fields are found, replaced and removed by name") {
  fields f{{"A", "1"}, {"b", "2"}, {"a", "3"}};
  CHECK(f.count("A") == 2);
  CHECK(f.get("a") == "1");
  f.set("a", "4");
  CHECK(f.count("A") == 1);
  CHECK(f.get("A") == "4");
  f.set("C", "5");
  CHECK(f.all().back() == field{"C", "5"});
  f.erase("B");
  CHECK(f.find("b") == nullptr);
  CHECK_FALSE(f.empty());
  CHECK_FALSE(same_token("abc", "abd"));
}
