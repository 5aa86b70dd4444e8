// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "domain/access/flow.hpp"

#include "domain/access/firewall.hpp"

#include <catch2/catch_test_macros.hpp>

#include <set>
#include <sstream>
#include <tuple>

using namespace smgw;
using namespace smgw::access;

namespace {

/// Written down a second time, from the protection profile's table: who opens what to whom.
using triple = std::tuple<party, party, service>;
const std::set<triple> allowed{
    {party::administrator, party::gateway, service::wake_up},
    {party::gateway, party::administrator, service::management},
    {party::gateway, party::administrator, service::admin_service},
    {party::gateway, party::administrator, service::info_report},
    {party::gateway, party::administrator, service::time_sync},
    {party::gateway, party::market_participant, service::info_report},
    {party::gateway, party::market_participant, service::proxy_remote},
    {party::consumer, party::gateway, service::home_web},
    {party::technician, party::gateway, service::home_web},
    {party::cls, party::gateway, service::home_web},
    {party::cls, party::gateway, service::proxy_local},
    {party::gateway, party::cls, service::proxy_local},
    {party::cls, party::gateway, service::home_time},
    {party::consumer, party::gateway, service::discovery},
    {party::technician, party::gateway, service::discovery},
    {party::cls, party::gateway, service::discovery},
    {party::gateway, party::cls, service::discovery},
    {party::meter, party::gateway, service::meter_data},
    {party::gateway, party::meter, service::meter_poll},
    {party::meter, party::gateway, service::home_time},
};

profile::profile_set some_profiles() {
  profile::profile_set set;
  profile::wan gwa;
  gwa.id = "gwa";
  gwa.role = profile::wan_role::administrator;
  gwa.peer = {"203.0.113.7", 443};
  gwa.service = profile::endpoint{"203.0.113.8", 444};
  gwa.wake_up_port = 51803;
  profile::wan emt;
  emt.id = "emt";
  emt.peer = {"2001:db8::9", 8443};
  set.wans = {gwa, emt};
  set.self.home.emplace();
  return set;
}

}  // namespace

TEST_CASE("each combination of two parties and a service is denied, but for those written down") {
  for (const auto from : all_parties)
    for (const auto to : all_parties)
      for (const auto what : all_services) {
        INFO(to_string(from) << " to " << to_string(to) << ": " << to_string(what));
        CHECK((find(from, to, what) != nullptr) == allowed.contains({from, to, what}));
      }
  CHECK(flows().size() == allowed.size());
}

TEST_CASE("each flow begins or ends at the gateway, and into the gateway from the WAN goes one packet only") {
  for (const auto& f : flows()) {
    CHECK((f.from == party::gateway) != (f.to == party::gateway));
    if (f.where == network::wan && f.to == party::gateway) {
      CHECK(f.what == service::wake_up);
      CHECK(f.one_way);
    }
    if (f.where == network::wan && f.from == party::gateway) CHECK(f.over == carrier::tls);
    if (f.where != network::han || f.what != service::discovery) CHECK(f.by_profile);
  }
}

TEST_CASE("the firewall's rules: what the profiles name, and nothing that joins WAN and home network") {
  const auto rules = nftables(some_profiles(), {.wan = "wan0", .han = "han0"});
  REQUIRE(rules);
  for (const auto* part :
       {"oifname \"wan0\" ip daddr 203.0.113.7 tcp dport 443 ct state new accept",
        "oifname \"wan0\" ip daddr 203.0.113.8 tcp dport 444 ct state new accept",
        "oifname \"wan0\" ip6 daddr 2001:db8::9 tcp dport 8443 ct state new accept",
        "iifname \"wan0\" udp dport 51803 limit rate 200/second burst 50 packets accept",
        "iifname \"han0\" tcp dport 443 ct state new accept", "hook forward priority 0; policy drop;",
        "hook input priority 0; policy drop;", "hook output priority 0; policy drop;"})
    CHECK(rules->contains(part));
  CHECK_FALSE(rules->contains("iifname \"wan0\" tcp"));
  CHECK_FALSE(rules->contains("oifname \"han0\" ip daddr 203"));
  std::istringstream lines(*rules);
  for (std::string line; std::getline(lines, line);) CHECK_FALSE((line.contains("wan0") && line.contains("han0")));
}

TEST_CASE("mDNS passes on the interface of the home network, by the rules it needs, and nowhere on that of the WAN",
          "[mdns]") {
  // Controllable systems have no interface of their own: they are in the home network, too.
  const auto rules = nftables(some_profiles(), {.wan = "wan0", .han = "han0", .resolvers = {"203.0.113.53"}});
  REQUIRE(rules);
  std::multiset<std::string> found, from_anywhere;
  std::istringstream lines(*rules);
  for (std::string line, chain; std::getline(lines, line);) {
    if (line.contains("chain ")) chain = line.substr(8, line.find(' ', 8) - 8);
    if (!line.contains(" accept")) continue;
    const auto rule = chain + ": " + line.substr(4, line.find(" comment") - 4);
    if (line.contains("5353") || line.contains("224.0.0.251") || line.contains("ff02::fb")) found.insert(rule);
    // A rule that names no port, or no interface, would let it through as well.
    if (line.contains("wan0")) CHECK(line.contains(" dport "));
    if (!line.contains("ifname")) from_anywhere.insert(rule);
  }
  // To the group of each family (RFC 6762, 3), and answers to one alone (5.4, 6.7).
  CHECK(found == std::multiset<std::string>{"input: iifname \"han0\" udp dport 5353 ip daddr 224.0.0.251 accept",
                                            "input: iifname \"han0\" udp dport 5353 ip6 daddr ff02::fb accept",
                                            "input: iifname \"han0\" udp sport 5353 udp dport 5353 accept",
                                            "output: oifname \"han0\" udp dport 5353 ip daddr 224.0.0.251 accept",
                                            "output: oifname \"han0\" udp dport 5353 ip6 daddr ff02::fb accept",
                                            "output: oifname \"han0\" udp sport 5353 accept"});
  const std::string neighbours = "icmpv6 type { nd-neighbor-solicit, nd-neighbor-advert, nd-router-advert } accept";
  CHECK(from_anywhere == std::multiset<std::string>{"input: iif \"lo\" accept", "output: oif \"lo\" accept",
                                                    "input: ct state established,related accept",
                                                    "output: ct state established,related accept",
                                                    "input: " + neighbours, "output: " + neighbours});
}

TEST_CASE("where the profile finds nobody by mDNS, or has no home network, no rule lets it through", "[mdns]") {
  auto set = some_profiles();
  set.self.home->mdns = false;
  CHECK_FALSE(nftables(set, {}).value().contains("5353"));
  set.self.home.reset();
  CHECK_FALSE(nftables(set, {}).value().contains("5353"));
}

TEST_CASE("names that could be read as rules are refused") {
  CHECK(nftables(some_profiles(), {.wan = "eth0\" accept", .han = "eth1"}).error().code == errc::malformed);
  CHECK(nftables(some_profiles(), {.wan = "eth0", .han = "eth0"}).error().code == errc::malformed);
  CHECK(nftables(some_profiles(), {.resolvers = {"1.1.1.1; accept"}}).error().code == errc::malformed);
  auto set = some_profiles();
  set.wans[1].peer.host = "a }";
  CHECK(nftables(set, {}).error().code == errc::malformed);
}
