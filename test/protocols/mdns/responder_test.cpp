// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "protocols/mdns/responder.hpp"

#include <catch2/catch_test_macros.hpp>

#include <algorithm>

using namespace smgw;
using namespace smgw::mdns;
using namespace std::chrono_literals;

namespace {

const time_point t0 = time_point{} + 1000h;
const ipv4 address4{169, 254, 1, 2};
const ipv6 address6{0xfe, 0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 7};

host gateway() {
  return {.id = "esmg0000000001", .port = 8443, .about = {"path=/"}, .v4 = {address4}, .v6 = {address6}};
}

struct world {
  responder r{gateway(), 42};
  time_point now = t0;
  std::vector<message> sent;
  std::vector<bool> unicast;

  void take(const responder::output& out) {
    for (const auto& p : out.transmit) {
      const auto m = decode(p.content);
      REQUIRE(m);
      sent.push_back(*m);
      unicast.push_back(p.unicast);
    }
    wake = out.wake_at;
  }
  void run() {
    for (int i = 0; wake && i < 100; ++i) {
      now = std::max(now, *wake);
      take(r.tick(now));
    }
  }
  void come_up() {
    take(r.start(now));
    run();
    REQUIRE(r.announced());
    sent.clear();
    unicast.clear();
    now += 5s;
  }
  void ask(const std::string& about, type what, std::uint16_t port = 5353, bool qu = false,
           std::vector<record> known = {}) {
    message m;
    m.id = 77;
    m.questions.push_back({make_name(about), what, 1, qu});
    m.answers = std::move(known);
    const auto out = r.feed(encode(m), port, now);
    REQUIRE(out);
    take(*out);
    run();
  }
  [[nodiscard]] bool told(const std::string& about, type what) const {
    return std::ranges::any_of(sent, [&](const message& m) {
      return std::ranges::any_of(m.answers,
                                 [&](const record& a) { return same(a.about, make_name(about)) && a.what == what; });
    });
  }
  std::optional<time_point> wake;
};

}  // namespace

TEST_CASE("the name is probed for three times, then announced",
          "[mdns][REQ.TA.mDNS.Responder.10][REQ.TA.mDNS.Responder.50]") {
  world w;
  w.take(w.r.start(w.now));
  w.run();
  REQUIRE(w.sent.size() == 5);
  for (std::size_t i = 0; i < 3; ++i) {
    CHECK_FALSE(w.sent[i].response);
    CHECK(w.sent[i].questions.at(0).what == type::any);
    CHECK(w.sent[i].authorities.size() == 2);
  }
  CHECK(w.told("esmg0000000001.local", type::aaaa));
  CHECK(w.told("_https._tcp.local", type::ptr));
  CHECK(w.r.announced());
}

TEST_CASE("both names are answered with the addresses of the interface",
          "[mdns][REQ.TA.mDNS.Responder.20][REQ.TA.mDNS.Responder.30][REQ.TA.mDNS.Responder.40]"
          "[REQ.TA.mDNS.BuildResponse.20][REQ.TA.mDNS.ProcessQuery.20]") {
  for (const auto* name : {"esmg0000000001.local", "SMGW.local"}) {
    world w;
    w.come_up();
    w.ask(name, type::aaaa);
    REQUIRE(w.sent.size() == 1);
    CHECK_FALSE(w.unicast[0]);
    CHECK(std::get<ipv6>(w.sent[0].answers.at(0).data) == address6);
    w.now += 2s;
    w.ask(name, type::a);
    CHECK(std::get<ipv4>(w.sent[1].answers.at(0).data) == address4);
    // unique: caches may forget what else they have; shared: they may not
    CHECK(w.sent[0].answers[0].flush == (std::string_view{name} != "SMGW.local"));
  }
}

TEST_CASE("the service is found, with port and text", "[mdns][REQ.TA.mDNS.Responder.50]") {
  world w;
  w.come_up();
  w.ask("_services._dns-sd._udp.local", type::ptr);
  CHECK(std::get<name>(w.sent.at(0).answers.at(0).data) == make_name("_https._tcp.local"));
  w.now += 2s;
  w.ask("_https._tcp.local", type::ptr);
  const auto& found = w.sent.at(1);
  CHECK(to_text(std::get<name>(found.answers.at(0).data)) == "esmg0000000001._https._tcp.local.");
  CHECK(std::ranges::any_of(
      found.additional, [](const record& r) { return r.what == type::srv && std::get<service>(r.data).port == 8443; }));
  CHECK(std::ranges::any_of(found.additional, [](const record& r) { return r.what == type::aaaa; }));
}

TEST_CASE("who asks directly, or from another port, is answered directly", "[mdns][REQ.TA.mDNS.Responder.10]") {
  world w;
  w.come_up();
  w.ask("smgw.local", type::a, 5353, true);
  REQUIRE(w.sent.size() == 1);
  CHECK(w.unicast[0]);
  w.ask("smgw.local", type::a, 40'000);
  REQUIRE(w.sent.size() == 2);
  CHECK(w.unicast[1]);
  CHECK(w.sent[1].id == 77);
  CHECK(w.sent[1].questions.size() == 1);
  CHECK(w.sent[1].answers.at(0).ttl <= 10);
  CHECK_FALSE(w.sent[1].answers[0].flush);
}

TEST_CASE("what is known is not told again, and nothing is told of other names",
          "[mdns][REQ.TA.mDNS.Responder.10][REQ.TA.mDNS.ProcessQuery.10]") {
  world w;
  w.come_up();
  w.ask("smgw.local", type::a, 5353, false, {{make_name("smgw.local"), type::a, 1, false, 120, address4, {}}});
  CHECK(w.sent.empty());
  w.ask("smgw.local", type::a, 5353, false, {{make_name("smgw.local"), type::a, 1, false, 20, address4, {}}});
  CHECK(w.sent.size() == 1);
  w.ask("printer.local", type::any);
  CHECK(w.sent.size() == 1);
  w.ask("esmg0000000001.local", type::srv);
  REQUIRE(w.sent.size() == 2);
  CHECK(w.sent[1].answers.at(0).what == type::nsec);
}

TEST_CASE("at most 30 multicasts a minute, and no record twice a second", "[mdns][REQ.TA.mDNS.BuildResponse.30]") {
  world w;
  w.come_up();
  const auto began = w.now;
  w.ask("esmg0000000001.local", type::a);
  w.ask("esmg0000000001.local", type::a);
  CHECK(w.sent.size() == 1);
  while (w.now < began + 50s) {
    w.now += 1100ms;
    w.ask("esmg0000000001.local", type::a);
  }
  CHECK(w.sent.size() <= multicasts_per_minute);
  w.now += 2min;
  w.ask("esmg0000000001.local", type::a);
  CHECK(w.sent.size() > 20);
}

TEST_CASE("a name that somebody else has ends the responder", "[mdns][REQ.TA.mDNS.Responder.10]") {
  world w;
  w.take(w.r.start(w.now));
  message other;
  other.response = true;
  other.answers.push_back({make_name("esmg0000000001.local"), type::a, 1, true, 120, ipv4{10, 0, 0, 1}, {}});
  CHECK(w.r.feed(encode(other), 5353, w.now).error().code == errc::conflict);
  other.answers[0].data = address4;
  CHECK(w.r.feed(encode(other), 5353, w.now));
  other.answers[0].about = make_name("smgw.local");
  other.answers[0].data = ipv4{10, 0, 0, 1};
  CHECK(w.r.feed(encode(other), 5353, w.now));
}

TEST_CASE("malformed messages are told, at every cut and turned octet without harm",
          "[mdns][REQ.TA.mDNS.ProcessQuery.10]") {
  message m;
  m.questions.push_back({make_name("smgw.local"), type::any, 1, false});
  m.answers.push_back({make_name("_https._tcp.local"), type::ptr, 1, false, 9, make_name("x._https._tcp.local"), {}});
  m.answers.push_back({make_name("a.local"), type::srv, 1, false, 9, service{0, 0, 1, make_name("b.local")}, {}});
  const auto whole = encode(m);
  REQUIRE(decode(whole));
  for (std::size_t n = 0; n < whole.size(); ++n) CHECK_FALSE(decode(bytes_view{whole}.first(n)));
  world w;
  w.come_up();
  for (std::size_t n = 0; n < whole.size(); ++n)
    for (const int mask : {0xFF, 0xC0, 0x01}) {
      auto bent = whole;
      bent[n] = static_cast<std::uint8_t>(bent[n] ^ mask);
      static_cast<void>(w.r.feed(bent, 5353, w.now));
    }
  // a pointer to itself
  CHECK_FALSE(decode(bytes{0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0xC0, 12, 0, 1, 0, 1}));
}

TEST_CASE("a goodbye ends all records", "[mdns][REQ.TA.mDNS.Responder.10]") {
  world w;
  w.come_up();
  const auto m = *decode(w.r.goodbye());
  CHECK(m.answers.size() == 8);
  CHECK(std::ranges::all_of(m.answers, [](const record& r) { return r.ttl == 0; }));
}
