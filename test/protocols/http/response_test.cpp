// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "base/octets.hpp"
#include "protocols/http/parser.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace smgw;
using namespace smgw::http;

namespace {

struct answer {
  std::optional<response> got;
  int refused = 0;
  errc code{};
};
answer parse(std::string_view text, bool eof = false, method asked = method::post, const limits& bounds = {}) {
  response_parser p{bounds};
  p.expect(asked);
  const auto read = p.feed(as_bytes(text));
  if (!read) return {{}, read.error().status, read.error().why.code};
  if (*read) return {**read, 0, {}};
  if (!eof) return {};
  const auto ended = p.eof();
  if (!ended) return {{}, ended.error().status, ended.error().why.code};
  return {*ended, 0, {}};
}
std::string text_of(const bytes& b) { return std::string{as_text(b)}; }

}  // namespace

TEST_CASE("Responses with a length and in chunks are read", "[REQ.Webservice.HttpClient.10]") {
  const auto a = parse("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nab");
  REQUIRE(a.got);
  CHECK(a.got->status == 200);
  CHECK(a.got->reason == "OK");
  CHECK(text_of(a.got->body) == "ab");
  CHECK(a.got->keep_alive);
  CHECK(text_of(parse("HTTP/1.1 200 \r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n0\r\n\r\n").got->body) == "ab");
}

TEST_CASE("A response without a length ends with the connection, as market participants send it") {
  constexpr std::string_view text = "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\nreceived";
  CHECK_FALSE(parse(text).got);
  const auto a = parse(text, true);
  REQUIRE(a.got);
  CHECK(text_of(a.got->body) == "received");
  CHECK_FALSE(a.got->keep_alive);
}

TEST_CASE("A response that is cut off is none") {
  for (const auto* text :
       {"", "HTTP/1.1 200 OK\r\n", "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\na",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n", "HTTP/1.1 100 Continue\r\n\r\n"}) {
    const auto a = parse(text, true);
    CHECK_FALSE(a.got);
    CHECK(a.code == errc::truncated);
  }
}

TEST_CASE("Responses without a body: 204, 304, and to HEAD") {
  CHECK(parse("HTTP/1.1 204 No Content\r\n\r\n").got->keep_alive);
  CHECK(parse("HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\n").got->body.empty());
  CHECK(parse("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n", false, method::head).got->body.empty());
}

TEST_CASE("Interim responses are passed over, a few of them") {
  const std::string interim = "HTTP/1.1 100 Continue\r\nX: y\r\n\r\n";
  const auto a = parse(interim + interim + "HTTP/1.1 201 Created\r\nContent-Length: 0\r\n\r\n");
  REQUIRE(a.got);
  CHECK(a.got->status == 201);
  CHECK(a.got->headers.count("X") == 0);
  std::string many;
  for (int i = 0; i < 9; ++i) many += interim;
  CHECK(parse(many).refused == 502);
  CHECK(parse("HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\n").refused == 502);
}

TEST_CASE("A response header of 1000 characters is taken",
          "[REQ.Webservice.HttpClient.100][REQ.Webservice.HttpClient.110]") {
  std::string fields;
  while (fields.size() + 250 <= 980) fields += "X: " + std::string(245, 'a') + "\r\n";
  CHECK(parse("HTTP/1.1 200 OK\r\n" + fields + "Content-Length: 0\r\n\r\n").got);
}

TEST_CASE("Responses that break the format or a bound are refused") {
  for (const auto* text : {"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n",
                           "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n",
                           "HTTP/2.0 200 OK\r\n\r\n", "HTTP/1.1 99 X\r\n\r\n", "HTTP/1.1 2000 X\r\n\r\n",
                           "GET / HTTP/1.1\r\n\r\n", "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\n"}) {
    CAPTURE(text);
    CHECK(parse(text).refused == 502);
  }
  const limits small{.target = 20, .field = 40, .header = 100, .fields = 4, .body = 5, .ahead = 10};
  CHECK(parse("HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\n", false, method::get, small).code == errc::exhausted);
  CHECK(parse("HTTP/1.1 200 OK\r\n\r\nabcdef", false, method::get, small).code == errc::exhausted);
  CHECK(parse("HTTP/1.1 200 " + std::string(300, 'a') + "\r\n", false, method::get).code == errc::exhausted);
}

TEST_CASE("Nothing is read that was not asked for") {
  response_parser p;
  CHECK(p.feed(as_bytes("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")).error().why.code == errc::conflict);
  const auto twice = parse("HTTP/1.1 204 No Content\r\n\r\nHTTP/1.1 204 No Content\r\n\r\n");
  REQUIRE(twice.got);
  CHECK_FALSE(twice.got->keep_alive);
}
