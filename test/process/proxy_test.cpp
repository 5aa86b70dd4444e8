// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

// A controllable system, its market participant, and the gateway between them.
#include "audit.hpp"
#include "base/octets.hpp"
#include "crypto/hash.hpp"
#include "domain/calendar/legal_time.hpp"
#include "steered.hpp"

#include <catch2/catch_test_macros.hpp>
#include <sys/socket.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <format>
#include <future>

using namespace smgw;
using namespace smgw::test;

TEST_CASE("a wallbox is limited to 4.2 kW through the proxy, and set free again",
          "[process][cls][socks][REQ.TA.SOCKSTLS.NegotiateAuth.10][REQ.TA.SOCKSTLS.Connect.20]"
          "[REQ.TA.SOCKSTLS.Connect.30][REQ.TA.SOCKSTLS.SendApplicationData.10]"
          "[REQ.TA.SOCKSTLS.ReceiveApplicationData.10]") {
  steered s;
  std::promise<std::string> limited, freed;
  std::promise<void> go_on;
  s.open_market([&, next = go_on.get_future().share()](const sim::market_server::connection& c) {
    c.send(as_bytes("LIMIT 4200\n"));
    limited.set_value(std::string{as_text(c.receive(30s))});
    next.wait();
    c.send(as_bytes("FREE\n"));
    freed.set_value(std::string{as_text(c.receive(30s))});
  });
  auto box = must(sim::control_box::start({.port = s.home.proxy_port(),
                                           .name = "wallbox.local",
                                           .self = s.box,
                                           .gateway = s.own,
                                           .first_pause = 50ms,
                                           .last_pause = 100ms,
                                           .say = {}}));
  auto first = limited.get_future();
  REQUIRE(first.wait_for(patience) == std::future_status::ready);
  CHECK(first.get() == "OK 4200\n");
  CHECK(box->power() == 4200);
  REQUIRE(s.gateway->await_line("proxy channel wallbox opened by 127.0.0.1 to wallbox.local"));
  CHECK(s.houses.number("proxy", "connections") == 1);
  go_on.set_value();
  auto second = freed.get_future();
  REQUIRE(second.wait_for(patience) == std::future_status::ready);
  CHECK(second.get() == "OK FREE\n");
  CHECK(box->power() == 11'000);
  REQUIRE(s.gateway->await_line("proxy channel wallbox ended: closed by the market participant; 16 octets"));
  box.reset();
  stop(*s.gateway);
  CHECK_FALSE(records(s.houses, "system", "proxy channel wallbox opened").empty());
  audit_chains(s.houses);
}

TEST_CASE("who asks for what no profile permits is told 02 and disconnected",
          "[process][cls][socks][REQ.TA.SOCKSTLS.Connect.80][REQ.TA.SOCKSTLS.Connect.35]"
          "[REQ.TA.SOCKSTLS.Connect.70][REQ.TA.SOCKSTLS.Connect.50][REQ.TA.SOCKSTLS.Connect.60]") {
  const steered s;
  for (const auto* name : {"heatpump.local", "Wallbox.local"}) {
    auto c = must(s.connect(s.box));
    CHECK(must(c.request(name)) == socks::reply_code::no_profile);
    const auto told = std::chrono::steady_clock::now();
    CHECK(must(c.receive(12s)).empty());
    CHECK(c.closing_seen());
    CHECK(std::chrono::steady_clock::now() - told < 10s);
  }
  // a stranger does not come so far
  const auto stranger = must(sim::make_cls("stranger.cls", platform::system_clock_now()));
  auto refused = s.connect(stranger);
  const bool in = refused && refused->request("wallbox.local");
  CHECK_FALSE(in);
}

TEST_CASE("a market participant that is not there, or refuses, is told as such",
          "[process][cls][socks][REQ.TA.SOCKSTLS.Connect.50]") {
  steered s;
  {
    auto c = must(s.connect(s.box));
    CHECK(must(c.request("wallbox.local")) == socks::reply_code::refused);
  }
  s.market_port.go_deaf();
  auto c = must(s.connect(s.box));
  CHECK(must(c.request("wallbox.local")) == socks::reply_code::unreachable);
  stop(*s.gateway);
}

TEST_CASE("megabytes cross in both directions whole, and more than the buffers wait",
          "[process][cls][socks][REQ.TA.SOCKSTLS.SendSocksTlsRecord.10][REQ.TA.SOCKSTLS.ReceiveSocksTlsRecord.10]") {
  steered s;
  s.open_market(echo);
  auto c = must(s.connect(s.box));
  REQUIRE(must(c.request("wallbox.local")) == socks::reply_code::connected);
  bytes all(3U << 20);
  for (std::size_t i = 0; i < all.size(); ++i) all[i] = static_cast<std::uint8_t>(i * 2654435761U >> 13U);
  bytes back;
  for (std::size_t at = 0; at < all.size(); at += 100'000) {
    const auto piece = bytes_view{all}.subspan(at).first(std::min<std::size_t>(100'000, all.size() - at));
    REQUIRE(c.send(piece));
    while (back.size() + 400'000 < at) put(back, must(c.receive()));
  }
  while (back.size() < all.size()) {
    const auto more = must(c.receive());
    REQUIRE_FALSE(more.empty());
    put(back, more);
  }
  CHECK(crypto::sha256(back) == crypto::sha256(all));
  c.close();
  REQUIRE(s.gateway->await_line(
      "ended: closed by the controllable system; 3145728 octets to the market participant, 3145728"));
  stop(*s.gateway);
}

TEST_CASE("what was said before the end still arrives",
          "[process][cls][REQ.TA.SOCKSTLS.ClosingHandshake.10]"
          "[REQ.TA.SOCKSTLS.ClosingHandshake.20]") {
  steered s;
  std::promise<std::size_t> heard;
  s.open_market([&](const sim::market_server::connection& c) {
    c.send(bytes(500'000, 'x'));
    std::size_t n = 0;
    for (;;) {
      const auto got = c.receive(10s);
      if (got.empty()) break;
      n += got.size();
    }
    heard.set_value(n);
  });
  auto c = must(s.connect(s.box));
  REQUIRE(must(c.request("wallbox.local")) == socks::reply_code::connected);
  std::size_t got = 0;
  while (got < 500'000) got += must(c.receive()).size();
  CHECK(got == 500'000);
  REQUIRE(c.send(bytes(200'000, 'y')));
  c.close();
  CHECK(must(c.receive(6s)).empty());
  CHECK(c.closing_seen());
  auto n = heard.get_future();
  REQUIRE(n.wait_for(patience) == std::future_status::ready);
  CHECK(n.get() == 200'000);
  stop(*s.gateway);
}

TEST_CASE("a profile's connections are counted, and idle ones end", "[process][cls]") {
  steered s{{{"connections", 2}, {"idle_limit_s", 10}}};
  s.open_market(echo);
  auto a = must(s.connect(s.box));
  auto b = must(s.connect(s.box));
  REQUIRE(must(a.request("wallbox.local")) == socks::reply_code::connected);
  REQUIRE(must(b.request("wallbox.local")) == socks::reply_code::connected);
  {
    auto c = must(s.connect(s.box));
    CHECK(must(c.request("wallbox.local")) == socks::reply_code::general_failure);
  }
  CHECK(must(a.receive(20s)).empty());
  REQUIRE(s.gateway->await_line("ended: idle for too long"));
  stop(*s.gateway);
}

TEST_CASE("data before its time, other frames and rubbish end a connection and nothing else",
          "[process][cls][socks][REQ.TA.SOCKSTLS.Connect.40][REQ.TA.SOCKSTLS.NegotiateAuth.20]") {
  steered s;
  s.open_market(echo);
  for (const bytes& start : {bytes{5, 1, 0}, bytes{4, 1}, bytes{'G', 'E', 'T', ' '}, bytes{5, 1, 6, 1, 3, 0, 1, 0x17},
                             bytes{5, 1, 6, 9}, bytes{5, 1, 6, 1, 2, 0, 0}}) {
    auto fd = must(io::dial_tcp("127.0.0.1", s.home.proxy_port(), 5s));
    REQUIRE(::send(fd.get(), start.data(), start.size(), MSG_NOSIGNAL) == static_cast<ssize_t>(start.size()));
    REQUIRE(eventually(
        [&] {
          char c = 0;
          return ::recv(fd.get(), &c, 1, MSG_DONTWAIT) == 0 || (errno != EAGAIN && errno != EWOULDBLOCK);
        },
        15s));
  }
  auto c = must(s.connect(s.box));
  CHECK(must(c.request("wallbox.local")) == socks::reply_code::connected);
  REQUIRE(c.send_raw(bytes{1, 1, 0, 1, 0x16}));  // a handshake while data flows
  const auto end = c.receive(10s);
  CHECK((!end || end->empty()));
  stop(*s.gateway);
}

TEST_CASE("the gateway itself keeps a box and its market participant connected", "[process][cls]") {
  reserved_port at;
  steered s{{{"initiated_by", "gateway"}, {"cls_address", "127.0.0.1:" + std::to_string(at.number())}}};
  std::promise<std::string> limited;
  s.open_market([&](const sim::market_server::connection& c) {
    c.send(as_bytes("LIMIT 4200\n"));
    limited.set_value(std::string{as_text(c.receive(30s))});
    static_cast<void>(c.receive(60s));
  });
  auto box = must(sim::control_box::start(
      {.port = at.number(), .waits = true, .name = {}, .self = s.box, .gateway = s.own, .say = {}}));
  auto first = limited.get_future();
  REQUIRE(first.wait_for(patience) == std::future_status::ready);
  CHECK(first.get() == "OK 4200\n");
  CHECK(box->power() == 4200);
  REQUIRE(s.gateway->await_line("proxy channel wallbox opened by gateway to wallbox.local"));
  stop(*s.gateway);
}

TEST_CASE("a channel ends when its time is over, however busy it is", "[process][cls]") {
  steered s{{{"duration_limit_s", 60}}};
  s.open_market(echo);
  auto c = must(s.connect(s.box));
  REQUIRE(must(c.request("wallbox.local")) == socks::reply_code::connected);
  const auto began = std::chrono::steady_clock::now();
  while (std::chrono::steady_clock::now() - began < 90s) {
    if (!c.send(as_bytes("busy"))) break;
    const auto got = c.receive(5s);
    if (!got || got->empty()) break;
    std::this_thread::sleep_for(200ms);
  }
  const auto took = std::chrono::steady_clock::now() - began;
  CHECK(took > 55s);
  CHECK(took < 80s);
  REQUIRE(s.gateway->await_line("ended: open for too long"));
  stop(*s.gateway);
}

TEST_CASE("the volume of a day outlives the gateway's process", "[process][cls][socks]") {
  steered s{{{"daily_volume_limit_octets", 1000}}};
  s.open_market(echo);
  {
    auto c = must(s.connect(s.box));
    REQUIRE(must(c.request("wallbox.local")) == socks::reply_code::connected);
    REQUIRE(c.send(bytes(600, 'x')));
    std::size_t back = 0;
    for (auto got = must(c.receive()); !got.empty(); got = must(c.receive())) back += got.size();
    CHECK(back == 400);
    CHECK(c.closing_seen());
  }
  REQUIRE(
      s.gateway->await_line("ended: the profile's volume of the day is used up; 600 octets to the market "
                            "participant, 400 to the controllable system"));
  stop(*s.gateway);
  CHECK_FALSE(records(s.houses, "system", "volume of the day is used up").empty());
  s.start();
  auto c = must(s.connect(s.box));
  CHECK(must(c.request("wallbox.local")) == socks::reply_code::no_profile);
  REQUIRE(s.gateway->await_line("refused: "));
  stop(*s.gateway);
  audit_chains(s.houses);
}

TEST_CASE("outside of the profile's schedule nothing opens, whoever begins", "[process][cls][socks]") {
  // a window of a day that is neither today nor next to it, whatever the zone
  const auto today = std::chrono::weekday{std::chrono::floor<std::chrono::days>(std::chrono::system_clock::now())};
  constexpr std::array<const char*, 7> names{"sunday",   "monday", "tuesday", "wednesday",
                                             "thursday", "friday", "saturday"};
  const auto* far = names[(today + std::chrono::days{3}).c_encoding()];
  const nlohmann::json closed{{{"days", {far}}, {"from", "10:00"}, {"to", "11:00"}}};
  SECTION("the controllable system") {
    steered s{{{"schedule", closed}}};
    s.open_market(echo);
    auto c = must(s.connect(s.box));
    CHECK(must(c.request("wallbox.local")) == socks::reply_code::no_profile);
    REQUIRE(s.gateway->await_line("to wallbox.local refused"));
    CHECK(s.gateway->has_line("outside of the profile's schedule"));
    stop(*s.gateway);
    CHECK_FALSE(records(s.houses, "system", "outside of the profile's schedule").empty());
  }
  SECTION("the gateway") {
    reserved_port at;
    steered s{{{"schedule", closed},
               {"initiated_by", "gateway"},
               {"cls_address", "127.0.0.1:" + std::to_string(at.number())}}};
    std::atomic<bool> called{false};
    s.open_market([&](const sim::market_server::connection&) { called = true; });
    CHECK_FALSE(s.gateway->await_line("proxy channel", 0, 7s));
    CHECK_FALSE(called);
    stop(*s.gateway);
  }
}

TEST_CASE("a channel that the gateway keeps opens with its window, and ends with it", "[process][cls]") {
  const auto zone = must(calendar::legal_time::load());
  const auto opens = std::chrono::floor<std::chrono::seconds>(platform::system_clock_now()) + 10s;
  const auto time_of_day = [&](auto t) {
    return std::format("{:%T}", std::chrono::floor<std::chrono::seconds>(zone.to_local(timestamp{t})));
  };
  const nlohmann::json every_day{"monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"};
  reserved_port at;
  steered s{{{"initiated_by", "gateway"},
             {"cls_address", "127.0.0.1:" + std::to_string(at.number())},
             {"schedule", {{{"days", every_day}, {"from", time_of_day(opens)}, {"to", time_of_day(opens + 8s)}}}}}};
  std::promise<timestamp> began;
  s.open_market([&](const sim::market_server::connection& c) {
    began.set_value(platform::system_clock_now());
    while (!c.receive(60s).empty()) {
    }
  });
  const auto box = must(sim::control_box::start(
      {.port = at.number(), .waits = true, .name = {}, .self = s.box, .gateway = s.own, .say = {}}));
  auto first = began.get_future();
  REQUIRE(first.wait_for(patience) == std::future_status::ready);
  const auto when = first.get();
  CHECK(when >= timestamp{opens});
  CHECK(when < timestamp{opens + 8s});
  const auto end = s.gateway->await_line("proxy channel wallbox ended: the profile's window is over");
  REQUIRE(end);
  CHECK(platform::system_clock_now() >= timestamp{opens + 8s});
  // and is not tried again at once
  CHECK_FALSE(s.gateway->await_line("proxy channel", *end, 7s));
  stop(*s.gateway);
}
