// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

// Every resource with every role: nobody gets what is another's.
#include "neighbours.hpp"

using namespace smgw;
using namespace smgw::test;
using nlohmann::json;

namespace {

struct resource {
  std::string path;
  std::vector<std::string> how{};  ///< arguments of curl
};

/// All that the first consumer has, by every interface there is.
std::vector<resource> of_consumer1() {
  const auto body = [](json asked) {
    return std::vector<std::string>{"-H", "Content-Type: application/json", "-d", asked.dump()};
  };
  std::vector<resource> all;
  for (const auto* name : {"rts/Contract/taf1-1", "rts/Contract/taf7-1", "exp/Readings/taf1-1", "exp/Readings/taf7-1",
                           "exp/Registers/taf1-1"})  // TAF 7 has none
    all.push_back({"/smgw/con/v1/" + std::string{name}});
  all.push_back({"/smgw/con/v1/exp/Readings/taf7-1", {"-H", "Accept: application/xml"}});
  all.push_back({"/smgw/con/v1/exp/Readings/taf7-1", {"-H", "Accept: text/csv"}});
  for (const auto* name :
       {"origin/1smg0000000001", "origin/1smg0000000001/0", "origin/1smg0000000001.sm/extended", "derived/taf7-1.sm",
        "derived/taf1-1/billingperiods", "derived/taf1-1/billingperiods/0", "derived/taf7-1/daily"})
    all.push_back({"/json/metering/" + std::string{name}});
  for (const auto* name : {"data", "current"})
    all.push_back({"/trudi/" + std::string{name} + "?TafName=taf7-1&TafId=7"});
  const std::string theben = "/smgw/m2m/consumer1/json";
  all.push_back({theben, body({{"method", "usage-point-info"}, {"usage-point-id", "taf7-1.sm"}})});
  for (const auto* database : {"origin", "derived", "calculated", "daily"})
    all.push_back({theben, body({{"method", "readings"},
                                 {"database", database},
                                 {"usage-point-id", "taf1-1.sm"},
                                 {"last-reading", "true"}})});
  return all;
}

/// What each consumer asks of himself.
std::vector<resource> of_oneself(const std::string& user) {
  const auto m2m = [&](const char* method) {
    return resource{"/smgw/m2m/" + user + "/json",
                    {"-H", "Content-Type: application/json", "-d", json{{"method", method}}.dump()}};
  };
  return {{"/smgw/con/v1/rts/Gateway/self"},
          {"/smgw/con/v1/rts/Contract/"},
          {"/smgw/con/v1/exp/Log/self"},
          {"/json/metering/origin"},
          {"/json/metering/derived"},
          {"/json/conlogbook/0"},
          {"/trudi/contracts"},
          m2m("user-info"),
          m2m("smgw-info"),
          m2m("log")};
}

/// Nothing in an answer tells of the other consumer.
bool tells_of(const fetched& f, char whose) {
  for (const std::string name : {"1SMG000000000", "1smg000000000", "taf1-", "taf7-", "consumer"})
    if (f.body.contains(name + whose)) return true;
  return false;
}

}  // namespace

TEST_CASE("every resource answers its consumer, by password and by certificate, and nobody else",
          "[process][han][REQ.BenutzerAuth.Allgemein.10][REQ.BenutzerAuth.Allgemein.20]"
          "[REQ.Webservice.HttpServer.201][REQ.Webservice.HttpServer.202][REQ.Webservice.HttpServer.203]") {
  neighbours n{{.dialects = {"theben", "emh", "trudi"}}};
  const auto& home = n.home;
  REQUIRE(eventually([&] {  // a billing period has ended
    const auto periods = home.get("consumer1", "/smgw/con/v1/exp/Registers/taf1-1").json()["periods"];
    return !periods.empty() && !periods[0]["open"].get<bool>();
  }));
  for (const auto& r : of_consumer1()) {
    INFO(r.path << " " << (r.how.empty() ? "" : r.how.back()));
    const auto own = home.get("consumer1", r.path, r.how);
    INFO(own.body.substr(0, 500));
    CHECK(own.status == 200);
    CHECK_FALSE(tells_of(own, '2'));
    CHECK(home.as_party("card1", r.path, r.how).status == 200);
    CHECK(home.curl(r.how, r.path).status == 401);
    for (const auto& f : {home.get("consumer2", r.path, r.how), home.as_party("technician", r.path, r.how),
                          home.as_party("box", r.path, r.how)}) {
      CHECK((f.status == 307 || (f.status >= 400 && f.status < 500)));
      CHECK_FALSE(f.body.contains("1SMG0000000001"));
      CHECK_FALSE(f.body.contains("\"value\""));
    }
  }
  for (const auto& [user, other] : {std::pair{"consumer1", '2'}, std::pair{"consumer2", '1'}})
    for (const auto& r : of_oneself(user)) {
      INFO(user << " " << r.path << " " << (r.how.empty() ? "" : r.how.back()));
      const auto f = home.get(user, r.path, r.how);
      CHECK(f.status == 200);
      CHECK_FALSE(tells_of(f, other));
      CHECK(home.curl(r.how, r.path).status == 401);
    }
  stop(n.gateway);
}
