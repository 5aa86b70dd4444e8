// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "base/octets.hpp"
#include "protocols/http/client_exchange.hpp"
#include "protocols/http/server_exchange.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace smgw;
using namespace smgw::http;
using namespace std::chrono_literals;

namespace {

const time_point t0{};
const request post{method::post, "/", {{"Host", "h"}}, bytes{'x'}};
constexpr std::string_view get_text = "GET /a HTTP/1.1\r\nHost: h\r\n\r\n";
std::string text(const bytes& b) { return std::string{as_text(b)}; }

}  // namespace

TEST_CASE("Client: request out, response in", "[REQ.Webservice.HttpClient.10]") {
  client_exchange c;
  const auto started = c.start(post, t0);
  REQUIRE(started);
  CHECK(text(started->transmit).starts_with("POST / HTTP/1.1\r\n"));
  CHECK(started->wake_at == t0 + 20s);
  CHECK(c.busy());
  CHECK(c.start(post, t0).error().code == errc::conflict);
  CHECK_FALSE(c.feed(as_bytes("HTTP/1.1 200 OK\r\nContent-"), t0 + 1s)->done);
  const auto done = c.feed(as_bytes("Length: 0\r\n\r\n"), t0 + 2s);
  REQUIRE((done && done->done));
  CHECK(done->done->status == 200);
  CHECK_FALSE(done->wake_at);
  CHECK_FALSE(c.busy());
  CHECK(c.start(post, t0 + 3s));
}

TEST_CASE("Client: a silent server costs 20 s, a slow one too", "[REQ.Webservice.HttpServer.190]") {
  client_exchange c;
  (void)c.start(post, t0);
  CHECK(c.tick(t0 + 19999ms)->wake_at == t0 + 20s);
  CHECK(c.tick(t0 + 20s).error().code == errc::expired);
  client_exchange slow;
  (void)slow.start(post, t0, 5s);
  CHECK(slow.feed(as_bytes("H"), t0 + 4s));
  CHECK(slow.feed(as_bytes("T"), t0 + 5s).error().code == errc::expired);
}

TEST_CASE("Client: the end of the connection ends the exchange", "[REQ.Webservice.HttpClient.80]") {
  client_exchange c;
  (void)c.start(post, t0);
  CHECK(c.feed(as_bytes("HTTP/1.1 200 OK\r\n\r\nfine"), t0));
  const auto done = c.eof();
  REQUIRE((done && done->done));
  CHECK(text(done->done->body) == "fine");
  client_exchange cut;
  (void)cut.start(post, t0);
  CHECK(cut.eof().error().code == errc::truncated);
  client_exchange broken;
  (void)broken.start(post, t0);
  CHECK(broken.feed(as_bytes("SMTP"), t0).error().code == errc::malformed);
  CHECK(broken.eof().error().code == errc::malformed);
}

TEST_CASE("Server: one request after the other, each answered before the next") {
  server_exchange s{t0, {}, {}};
  const auto first = s.feed(as_bytes(get_text), t0);
  REQUIRE(first.received);
  CHECK(first.received->target == "/a");
  CHECK(s.busy());
  const auto early = s.feed(as_bytes(get_text), t0);
  CHECK((!early.received && early.transmit.empty() && !early.close));
  const auto answered = s.respond(response{200, {}, {}, bytes{'x'}}, t0);
  REQUIRE(answered);
  CHECK(text(answered->transmit) == "HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nx");
  CHECK(answered->received);
  CHECK(s.respond(response{204, {}, {}, {}}, t0)->wake_at == t0 + 600s);
  CHECK_FALSE(s.busy());
  CHECK(s.respond(response{204, {}, {}, {}}, t0).error().code == errc::conflict);
}

TEST_CASE("Server: a HEAD is answered without a body, a last request with the end") {
  server_exchange s{t0, {}, {}};
  REQUIRE(s.feed(as_bytes("HEAD / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n"), t0).received);
  const auto out = s.respond(response{200, {}, {}, bytes{'x'}}, t0);
  CHECK(text(out->transmit) == "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nConnection: close\r\n\r\n");
  CHECK(out->close);
  CHECK(s.feed(as_bytes(get_text), t0).close);
  CHECK(s.tick(t0).close);
}

TEST_CASE("Server: refusals are answered and end the connection", "[REQ.Webservice.HttpServer.60]") {
  server_exchange s{t0, {}, {}};
  const auto out = s.feed(as_bytes("GET / HTTP/1.1\r\n\r\n"), t0);
  CHECK(out.close);
  CHECK(text(out.transmit) == "HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
  server_exchange flooded{t0, {.ahead = 10}, {}};
  REQUIRE(flooded.feed(as_bytes(get_text), t0).received);
  CHECK(text(flooded.feed(as_bytes(get_text), t0).transmit).starts_with("HTTP/1.1 400 "));
  CHECK(flooded.respond(response{200, {}, {}, {}}, t0).error().code == errc::conflict);
}

TEST_CASE("Server: who begins a request and does not end it gets 408", "[REQ.Webservice.HttpServer.91]") {
  server_exchange s{t0, {}, {}};
  CHECK(s.tick(t0).wake_at == t0 + 600s);
  const auto begun = s.feed(as_bytes("GET"), t0 + 1s);
  CHECK(begun.wake_at == t0 + 21s);
  CHECK(s.feed(as_bytes(" "), t0 + 20s).wake_at == t0 + 21s);
  const auto out = s.tick(t0 + 21s);
  CHECK(out.close);
  CHECK(text(out.transmit).starts_with("HTTP/1.1 408 Request Timeout\r\n"));
}

TEST_CASE("Server: an idle connection closes without a word, a busy one waits") {
  server_exchange s{t0, {}, {.request = 20s, .idle = 60s}};
  CHECK_FALSE(s.feed(as_bytes("\r\n"), t0).close);
  const auto out = s.tick(t0 + 60s);
  CHECK(out.close);
  CHECK(out.transmit.empty());
  server_exchange busy{t0, {}, {.request = 20s, .idle = 60s, .answer = 3600s}};
  REQUIRE(busy.feed(as_bytes(get_text), t0).received);
  CHECK_FALSE(busy.tick(t0 + 3599s).close);
}

TEST_CASE("Server: 100 Continue is sent to who waits for it") {
  server_exchange s{t0, {}, {}};
  const auto out =
      s.feed(as_bytes("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 1\r\nExpect: 100-continue\r\n\r\n"), t0);
  CHECK(text(out.transmit) == "HTTP/1.1 100 Continue\r\n\r\n");
  CHECK(s.feed(as_bytes("x"), t0).received);
}

TEST_CASE("Server: no answer in 20 s is 503, and a late one is a conflict", "[REQ.Webservice.HttpServer.190]") {
  server_exchange s{t0, {}, {}};
  const auto asked = s.feed(as_bytes(get_text), t0);
  REQUIRE(asked.received);
  CHECK(asked.wake_at == t0 + 20s);
  CHECK(s.tick(t0 + 19999ms).wake_at == t0 + 20s);
  const auto out = s.tick(t0 + 20s);
  CHECK(out.close);
  CHECK(text(out.transmit).starts_with("HTTP/1.1 503 "));
  CHECK(s.respond(response{200, {}, {}, {}}, t0 + 21s).error().code == errc::conflict);
}

TEST_CASE("Server: a connection has a last day") {
  server_exchange s{t0, {}, {.idle = 1000h, .lifetime = 48h}};
  CHECK(s.tick(t0).wake_at == t0 + 48h);
  CHECK(s.tick(t0 + 48h).close);
  server_exchange busy{t0, {}, {.idle = 1000h, .lifetime = 48h}};
  REQUIRE(busy.feed(as_bytes(get_text), t0 + 48h - 1s).received);
  CHECK_FALSE(busy.tick(t0 + 48h).close);
  const auto out = busy.respond(response{204, {}, {}, {}}, t0 + 48h);
  CHECK(out->close);
  CHECK(text(out->transmit).contains("Connection: close"));
}

TEST_CASE("Server: a half-closed connection still gets its answers") {
  server_exchange s{t0, {}, {}};
  REQUIRE(s.feed(as_bytes(std::string{get_text} + std::string{get_text}), t0).received);
  CHECK_FALSE(s.peer_finished().close);
  const auto first = s.respond(response{204, {}, {}, {}}, t0);
  CHECK(first->received);
  CHECK_FALSE(first->close);
  CHECK(s.respond(response{204, {}, {}, {}}, t0)->close);
  server_exchange cut{t0, {}, {}};
  (void)cut.feed(as_bytes("GET"), t0);
  const auto out = cut.peer_finished();
  CHECK(out.close);
  CHECK(text(out.transmit).starts_with("HTTP/1.1 400 "));
  server_exchange idle{t0, {}, {}};
  CHECK(idle.peer_finished().close);
  CHECK(idle.peer_finished().transmit.empty());
  server_exchange half{t0, {}, {}};
  REQUIRE(half.feed(as_bytes(std::string{get_text} + "GET /"), t0).received);
  (void)half.peer_finished();
  CHECK(half.respond(response{204, {}, {}, {}}, t0)->close);
}

TEST_CASE("Server: a dropped connection ends the transaction", "[REQ.Webservice.HttpServer.80]") {
  server_exchange s{t0, {}, {}};
  REQUIRE(s.feed(as_bytes(get_text), t0).received);
  CHECK(s.dropped());
  CHECK_FALSE(s.busy());
  CHECK_FALSE(s.dropped());
  CHECK(s.respond(response{200, {}, {}, {}}, t0).error().code == errc::conflict);
  CHECK_FALSE(s.feed(as_bytes(get_text), t0).received);
}
