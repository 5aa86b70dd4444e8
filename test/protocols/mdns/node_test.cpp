// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "protocols/mdns/node.hpp"

#include <catch2/catch_test_macros.hpp>

#include <algorithm>

using namespace smgw;
using namespace smgw::mdns;
using namespace std::chrono_literals;

namespace {

const time_point t0 = time_point{} + 1000h;
const ipv4 own4{169, 254, 1, 2};
const ipv6 own6{0xfe, 0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 7};
const name box = make_name("controlbox.local");

/// A link with the gateway on it.
struct home {
  node n{{.id = "esmg0000000001", .port = 8443, .about = {"path=/"}, .v4 = {own4}, .v6 = {own6}},
         {.seed = 42, .copies = 2, .usable = [](const record&) { return true; }}};
  time_point now = t0;
  std::optional<time_point> wake;
  std::vector<message> said;
  std::vector<bool> direct;
  std::vector<errand_end> ended;
  std::optional<error> conflict;

  void take(node::output out) {
    for (const auto& p : out.transmit) {
      said.push_back(*decode(p.content));
      direct.push_back(p.unicast);
    }
    std::ranges::move(out.ended, std::back_inserter(ended));
    if (out.conflict) conflict = out.conflict;
    wake = out.wake_at;
  }
  void run(time_point until) {
    while (wake && *wake <= until) {
      now = std::max(now, *wake);
      take(n.tick(now));
    }
    now = until;
  }
  void hear(const message& m, std::uint16_t port = 5353) {
    auto out = n.feed(encode(m), port, now);
    REQUIRE(out);
    take(*std::move(out));
  }
  void come_up() {
    take(n.start(now));
    run(now + 3s);
    said.clear();
    direct.clear();
  }
  /// A query of ours is out.
  void ask() {
    auto out = n.look_up({.number = 5, .about = box}, now);
    REQUIRE(out);
    take(*std::move(out));
    run(now + 200ms);
    REQUIRE(said.size() == 1);
    REQUIRE_FALSE(said[0].response);
    said.clear();
    direct.clear();
  }
};

message query(const std::string& about, type what, bool unicast = false) {
  message m;
  m.questions.push_back({make_name(about), what, 1, unicast});
  return m;
}
message response(record r) {
  message m;
  m.response = true;
  m.answers.push_back(std::move(r));
  return m;
}

}  // namespace

TEST_CASE("who asks answers, too: for both names, with the addresses of the interface",
          "[mdns][REQ.TA.mDNS.Querying.20][REQ.TA.mDNS.Querying.30][REQ.TA.mDNS.Querying.40]") {
  home l;
  l.come_up();
  l.ask();
  for (const auto* mine : {"esmg0000000001.local", "smgw.local"}) {
    l.said.clear();
    l.hear(query(mine, type::a, true));
    l.hear(query(mine, type::aaaa, true));
    REQUIRE(l.said.size() == 2);
    CHECK((l.direct[0] && l.said[0].response));
    CHECK(std::get<ipv4>(l.said[0].answers.at(0).data) == own4);
    CHECK(std::get<ipv6>(l.said[1].answers.at(0).data) == own6);
  }
  l.said.clear();
  l.hear(query("_https._tcp.local", type::ptr, true));
  CHECK(std::get<name>(l.said.at(0).answers.at(0).data) == make_name("esmg0000000001._https._tcp.local"));
  // and its own question is still answered
  l.hear(response({box, type::a, 1, true, 120, ipv4{169, 254, 3, 3}, {}}));
  REQUIRE(l.ended.size() == 1);
  CHECK(l.ended[0].number == 5);
  CHECK(l.ended[0].where.has_value());
}

TEST_CASE("a query is the same for both families, as is what is made of answers",
          "[mdns][REQ.TA.mDNS.BuildQuery.20][REQ.TA.mDNS.ProcessResponse.20]") {
  home l;
  l.come_up();
  l.ask();
  // one packet for the group: who carries it sends it by IPv4 and IPv6, and says of none where it came in
  l.hear(response({box, type::aaaa, 1, true, 120, own6, {}}));
  REQUIRE(l.ended.size() == 1);
  CHECK(l.ended[0].where->v6 == std::vector{own6});
}

TEST_CASE("a response from another port than 5353 is none", "[mdns][REQ.TA.mDNS.ProcessResponse.10]") {
  home l;
  l.come_up();
  l.ask();
  l.hear(response({box, type::a, 1, true, 120, ipv4{169, 254, 3, 3}, {}}), 40'000);
  CHECK(l.ended.empty());
}

TEST_CASE("malformed responses are told, and change nothing",
          "[mdns][REQ.TA.mDNS.ProcessResponse.10][REQ.TA.mDNS.Querying.10]") {
  home l;
  l.come_up();
  l.ask();
  auto r = response({box, type::a, 1, true, 120, ipv4{169, 254, 3, 3}, {}});
  r.additional.push_back({box, type::nsec, 1, true, 120, box, {type::a}});
  const auto whole = encode(r);
  for (std::size_t n = 0; n < whole.size(); ++n) {
    const auto out = l.n.feed(bytes_view{whole}.first(n), 5353, l.now);
    REQUIRE_FALSE(out);
    CHECK((out.error().code == errc::truncated || out.error().code == errc::malformed));
  }
  CHECK(l.ended.empty());
  auto empty_window = whole;
  empty_window[whole.size() - 2] = 0;  // a window without types
  CHECK(l.n.feed(empty_window, 5353, l.now).error().code == errc::malformed);
  l.hear(r);
  CHECK(l.ended.size() == 1);
}

TEST_CASE("answers and questions share 30 messages a minute, of which some are kept for questions",
          "[mdns][REQ.TA.mDNS.BuildQuery.30][REQ.TA.mDNS.BuildResponse.30]") {
  home l;
  l.take(l.n.start(l.now));
  l.run(l.now + 3s);
  const auto began = t0;
  while (l.now < began + 50s) {
    l.hear(query("esmg0000000001.local", type::a));
    l.run(l.now + 1100ms);
  }
  const auto answered = l.said.size();
  CHECK(answered == multicasts_per_minute / 2 - kept_for_queries);  // each goes out twice, once for each family
  auto out = l.n.look_up({.number = 5, .about = box}, l.now);
  REQUIRE(out);
  l.take(*std::move(out));
  l.run(l.now + 5s);
  CHECK(l.said.size() == answered + kept_for_queries);
}

TEST_CASE("of two that probe for a name at the same time, the one with the later data goes on",
          "[mdns][REQ.TA.mDNS.Responder.10][REQ.TA.mDNS.Querying.10]") {
  const auto other_probe = [](const ipv4& at) {
    auto m = query("ESMG0000000001.local", type::any, true);
    m.authorities.push_back({make_name("esmg0000000001.local"), type::a, 1, false, 120, at, {}});
    return m;
  };
  const auto announced_after = [](const std::optional<message>& heard) {
    home l;
    l.take(l.n.start(l.now));
    l.run(l.now + 300ms);
    if (heard) l.hear(*heard);
    const auto began = l.now;
    while (l.wake && std::ranges::none_of(l.said, &message::response)) l.run(*l.wake);
    return l.now - began;
  };
  const auto alone = announced_after({});
  CHECK(alone < 1s);
  CHECK(announced_after(other_probe({169, 254, 1, 1})) == alone);
  CHECK(announced_after(other_probe(own4)) == alone);  // fewer records, and so earlier
  CHECK(announced_after(other_probe({169, 254, 1, 3})) >= 1750ms);
}

TEST_CASE("a gateway without a name still asks", "[mdns][REQ.TA.mDNS.Querying.10]") {
  home l;
  l.take(l.n.start(l.now));
  l.hear(response({make_name("esmg0000000001.local"), type::a, 1, true, 120, ipv4{10, 0, 0, 1}, {}}));
  REQUIRE(l.conflict);
  CHECK(l.conflict->code == errc::conflict);
  CHECK_FALSE(l.n.goodbye());
  l.run(l.now + 5s);
  CHECK(l.said.empty());
  l.ask();
  l.hear(query("smgw.local", type::a, true));
  CHECK(l.said.empty());
  l.hear(response({box, type::a, 1, true, 120, ipv4{169, 254, 3, 3}, {}}));
  CHECK(l.ended.size() == 1);
}
