// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "protocols/http/parser.hpp"

#include "base/octets.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace smgw;
using namespace smgw::http;

namespace {

/// Feeds the text in pieces of `step` octets; the request, or the status of the refusal.
std::expected<request, int> parse(std::string_view text, const limits& bounds = {}, std::size_t step = 0) {
  request_parser p{bounds};
  if (step == 0) step = std::max<std::size_t>(1, text.size());
  while (!text.empty()) {
    const auto piece = text.substr(0, step);
    text.remove_prefix(piece.size());
    auto read = p.feed(as_bytes(piece));
    if (!read) return std::unexpected{read.error().status};
    if (*read) return **std::move(read);
  }
  return std::unexpected{0};  // incomplete
}
int status(std::string_view text, const limits& bounds = {}) {
  const auto whole = parse(text, bounds);
  const auto octet_by_octet = parse(text, bounds, 1);
  CHECK(whole == octet_by_octet);
  return whole ? 200 : whole.error();
}
std::string get(std::string_view fields) { return "GET / HTTP/1.1\r\nHost: a\r\n" + std::string{fields} + "\r\n"; }
std::string post(std::string_view fields, std::string_view body = {}) {
  return "POST / HTTP/1.1\r\nHost: a\r\n" + std::string{fields} + "\r\n" + std::string{body};
}
std::string text_of(const bytes& b) { return std::string{as_text(b)}; }

}  // namespace

TEST_CASE("Requests are read, in one piece and octet by octet", "[REQ.Webservice.HttpServer.10]") {
  constexpr std::string_view text =
      "POST /smgw/m2m/user/json?q.count=1 HTTP/1.1\r\nHost: ebsi0012345678.sm\r\nContent-Type: application/json\r\n"
      "Content-Length: 19\r\n\r\n{\"method\":\"readings";
  for (const std::size_t step : {0u, 1u, 7u}) {
    const auto r = parse(text, {}, step);
    REQUIRE(r);
    CHECK(r->verb == method::post);
    CHECK(r->target == "/smgw/m2m/user/json?q.count=1");
    CHECK(text_of(r->body) == "{\"method\":\"readings");
    CHECK(r->keep_alive);
    CHECK(r->headers.all().size() == 3);
  }
}

TEST_CASE("Field names compare without case", "[REQ.Webservice.HttpServer.30]") {
  const auto r = parse("POST / HTTP/1.1\r\nhOST: a\r\nCONTENT-length: 2\r\nx-cid: uuid:1\r\n\r\nab");
  REQUIRE(r);
  CHECK(r->headers.get("Host") == "a");
  CHECK(r->headers.get("X-CID") == "uuid:1");
  CHECK(r->headers.find("X-CI") == nullptr);
  CHECK(text_of(r->body) == "ab");
}

TEST_CASE("Syntax errors are 400", "[REQ.Webservice.HttpServer.60]") {
  for (const auto* text : {
           "\x16\x03\x01\x02\x00\x01",            // TLS where HTTP belongs
           "{\"method\":1}",                      //
           "GET  / HTTP/1.1\r\nHost: a\r\n\r\n",  // two blanks
           "GET /  HTTP/1.1\r\nHost: a\r\n\r\n",
           "GET / HTTP/1.1 \r\nHost: a\r\n\r\n",
           "GET / HTTP/x\r\nHost: a\r\n\r\n",
           "GET / HTPT/1.1\r\nHost: a\r\n\r\n",
           "GET / HTTP/1.1\nHost: a\n\n",                        // bare LF
           "GET / HTTP/1.1\r\nHost : a\r\n\r\n",                 // blank before the colon
           "GET / HTTP/1.1\r\nHost: a\r\n folded\r\n\r\n",       // obs-fold
           "GET / HTTP/1.1\r\nHost: a\r\nX: a\x01b\r\n\r\n",     // control character
           "GET / HTTP/1.1\r\nHost: a\r\n: empty\r\n\r\n",       // no name
           "GET / HTTP/1.1\r\nHost: a\r\nno colon\r\n\r\n",      //
           "GET / HTTP/1.1\r\n\r\n",                             // no Host
           "GET / HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n",       // Host twice
           "GET / HTTP/1.1\r\nHost: a, b\r\n\r\n",               //
           "GET /\x80 HTTP/1.1\r\nHost: a\r\n\r\n",              //
           "GET ftp//x HTTP/1.1\r\nHost: a\r\n\r\n",             //
           "GET http://user@host/ HTTP/1.1\r\nHost: a\r\n\r\n",  //
       }) {
    CAPTURE(text);
    CHECK(status(text) == 400);
  }
}

TEST_CASE("What a proxy and we could frame differently is refused") {
  CHECK(status(post("Content-Length: 3\r\nContent-Length: 3\r\n", "abc")) == 400);
  CHECK(status(post("Content-Length: 3\r\nContent-Length: 4\r\n", "abcd")) == 400);
  CHECK(status(post("Content-Length: 3, 3\r\n", "abc")) == 400);
  CHECK(status(post("Content-Length: +3\r\n", "abc")) == 400);
  CHECK(status(post("Content-Length: 0x3\r\n", "abc")) == 400);
  CHECK(status(post("Content-Length: -1\r\n")) == 400);
  CHECK(status(post("Content-Length: 99999999999999999999\r\n")) == 400);
  CHECK(status(post("Content-Length: 3\r\nTransfer-Encoding: chunked\r\n", "0\r\n\r\n")) == 400);
  CHECK(status(post("Transfer-Encoding: chunked\r\nContent-Length: 3\r\n", "0\r\n\r\n")) == 400);
  CHECK(status(post("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n", "0\r\n\r\n")) != 200);
  CHECK(status(post("Transfer-Encoding: xchunked\r\n", "0\r\n\r\n")) == 501);
  CHECK(status(post("Transfer-Encoding: gzip, chunked\r\n", "0\r\n\r\n")) == 501);
  CHECK(status(post("Transfer-Encoding: chunked, identity\r\n", "0\r\n\r\n")) == 501);
  CHECK(status("POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n") == 400);
  CHECK(status(post("Transfer-Encoding: chunked\r\n", "3\nabc\r\n0\r\n\r\n")) == 400);
  CHECK(status(post("Transfer-Encoding: chunked\r\n", "0x3\r\nabc\r\n0\r\n\r\n")) == 400);
  CHECK(status(post("Transfer-Encoding: chunked\r\n", "3\r\nabcX\r\n0\r\n\r\n")) == 400);
  CHECK(status(post("Transfer-Encoding: chunked\r\n", "ffffffffffffffffff\r\n")) == 400);
}

TEST_CASE("A chunked body is joined, its trailers are dropped") {
  const auto r = parse(post("Transfer-Encoding: chunked\r\n", "3;x=y\r\nabc\r\n2\r\nde\r\n0\r\nHost: evil\r\n\r\n"));
  REQUIRE(r);
  CHECK(text_of(r->body) == "abcde");
  CHECK(r->headers.count("Host") == 1);
}

TEST_CASE("A missing length is 411", "[REQ.Webservice.HttpServer.91]") {
  CHECK(status(post("")) == 411);
  CHECK(status("PUT / HTTP/1.1\r\nHost: a\r\n\r\n") == 411);
  CHECK(status("DELETE / HTTP/1.1\r\nHost: a\r\n\r\n") == 200);
  CHECK(status(get("")) == 200);
}

TEST_CASE("Methods and versions that are not offered have their codes", "[REQ.Webservice.HttpServer.91]") {
  CHECK(status("OPTIONS / HTTP/1.1\r\nHost: a\r\n\r\n") == 501);
  CHECK(status("BREW / HTTP/1.1\r\nHost: a\r\n\r\n") == 501);
  CHECK(status("CONNECT a:1 HTTP/1.1\r\nHost: a\r\n\r\n") == 501);
  CHECK(status("GET / HTTP/2.0\r\nHost: a\r\n\r\n") == 505);
  CHECK(status("GET / HTTP/0.9\r\nHost: a\r\n\r\n") == 505);
  CHECK(status("GET / HTTP/1.2\r\nHost: a\r\n\r\n") == 505);
  CHECK(status("GET / HTTP/3.7\r\nHost: a\r\n\r\n") == 505);
  CHECK(status("GET / HTTP/1.0\r\n\r\n") == 200);
}

TEST_CASE("A field of 250 and a header of 8500 characters are taken",
          "[REQ.Webservice.HttpServer.170][REQ.Webservice.HttpServer.180]") {
  std::string fields;
  while (fields.size() + 250 + 11 <= 8500) fields += "X: " + std::string(245, 'a') + "\r\n";
  CHECK(status(get(fields)) == 200);
}

TEST_CASE("Limits have their codes", "[REQ.Webservice.HttpServer.91]") {
  const limits bounds{.target = 20, .field = 40, .header = 100, .fields = 4, .body = 5, .ahead = 10};
  CHECK(status("GET /" + std::string(19, 'a') + " HTTP/1.1\r\nHost: a\r\n\r\n", bounds) == 200);
  CHECK(status("GET /" + std::string(20, 'a') + " HTTP/1.1\r\nHost: a\r\n\r\n", bounds) == 414);
  CHECK(status(get("X: " + std::string(35, 'a') + "\r\n"), bounds) == 200);
  CHECK(status(get("X: " + std::string(36, 'a') + "\r\n"), bounds) == 431);
  CHECK(status(get("A: 1\r\nB: 1\r\nC: 1\r\n"), bounds) == 200);
  CHECK(status(get("A: 1\r\nB: 1\r\nC: 1\r\nD: 1\r\n"), bounds) == 431);
  const auto thirty = "A: " + std::string(28, 'a') + "\r\n";
  CHECK(status(get(thirty + thirty), bounds) == 200);
  CHECK(status(get(thirty + thirty + thirty), bounds) == 431);
  CHECK(status(post("Content-Length: 5\r\n", "abcde"), bounds) == 200);
  CHECK(status(post("Content-Length: 6\r\n"), bounds) == 413);
  CHECK(status(post("Transfer-Encoding: chunked\r\n", "5\r\nabcde\r\n0\r\n\r\n"), bounds) == 200);
  CHECK(status(post("Transfer-Encoding: chunked\r\n", "5\r\nabcde\r\n1\r\nf\r\n0\r\n\r\n"), bounds) == 413);
}

TEST_CASE("What llhttp passes over is bounded too") {
  const limits bounds{.target = 20, .field = 40, .header = 100, .fields = 4, .body = 5, .ahead = 10};
  CHECK(status("GET / HTTP/1.1\r\nX:" + std::string(1000, ' ') + "a\r\n\r\n", bounds) == 431);
  const std::string coded = "Transfer-Encoding: chunked\r\n";
  CHECK(status(post(coded, "1;" + std::string(200, 'x') + "\r\na\r\n0\r\n\r\n"), bounds) == 431);
  CHECK(status(post(coded, std::string(1000, '0') + "1\r\na\r\n0\r\n\r\n"), bounds) == 413);
  CHECK(status(post(coded, "0\r\nX: " + std::string(35, 'a') + "\r\nY: " + std::string(35, 'a') + "\r\n\r\n"),
               bounds) == 431);
}

TEST_CASE("A refusal is final") {
  request_parser p;
  CHECK(p.feed(as_bytes("nonsense\r\n\r\n")).error().status == 400);
  CHECK(p.feed(as_bytes("GET / HTTP/1.1\r\nHost: a\r\n\r\n")).error().status == 400);
}

TEST_CASE("Requests sent ahead wait for their turn, within a bound") {
  request_parser p{{.ahead = 80}};
  const auto one = get("A: 1\r\n"), two = get("A: 2\r\n");
  const auto first = p.feed(as_bytes(one + two + "\r\n"));
  REQUIRE((first && *first));
  CHECK((*first)->headers.get("A") == "1");
  CHECK_FALSE(p.idle());
  const auto second = p.feed({});
  REQUIRE((second && *second));
  CHECK((*second)->headers.get("A") == "2");
  CHECK((p.feed({}) && !*p.feed({})));
  CHECK(p.idle());
  CHECK(p.feed(as_bytes(one + two + two + two)).error().status == 400);
}

TEST_CASE("The peer says whether it goes on") {
  CHECK(parse(get(""))->keep_alive);
  CHECK_FALSE(parse(get("Connection: close\r\n"))->keep_alive);
  CHECK_FALSE(parse("GET / HTTP/1.0\r\n\r\n")->keep_alive);
  CHECK(parse("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n")->keep_alive);
}

TEST_CASE("An upgrade is not taken, the request is answered as it stands") {
  const auto r = parse(post("Connection: Upgrade\r\nUpgrade: h2c\r\nContent-Length: 2\r\n", "ab"));
  REQUIRE(r);
  CHECK(text_of(r->body) == "ab");
}

TEST_CASE("An absolute target keeps its path and names the host") {
  const auto r = parse("GET https://smgw.local/a?b HTTP/1.1\r\nHost: other\r\n\r\n");
  REQUIRE(r);
  CHECK(r->target == "/a?b");
  CHECK(r->headers.get("Host") == "smgw.local");
  CHECK(parse("GET http://smgw.local HTTP/1.1\r\nHost: a\r\n\r\n")->target == "/");
}

TEST_CASE("Who waits for 100 Continue is known once") {
  request_parser p;
  CHECK_FALSE(p.wants_continue());
  CHECK(p.feed(as_bytes(post("Content-Length: 2\r\nExpect: 100-continue\r\n"))));
  CHECK(p.wants_continue());
  CHECK_FALSE(p.wants_continue());
  CHECK(*p.feed(as_bytes("ab")));
  CHECK(p.feed(as_bytes(post("Content-Length: 2\r\nExpect: 100-continue\r\n", "a"))));
  CHECK_FALSE(p.wants_continue());
}
