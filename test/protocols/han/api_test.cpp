// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "protocols/han/seal.hpp"
#include "world.hpp"

using namespace smgw;
using namespace smgw::han;
using namespace smgw::han::test;

namespace {

struct api : household {
  http::resource_tree tree{api_rules(true)};
  http::response ask(const std::string& target, const party& p, http::fields more = {}) const {
    auto r = get(target);
    for (const auto& f : more.all()) r.headers.add(f.name, f.value);
    const auto call = tree.route(r, p.who);
    if (!call) return call.error();
    return carry_out(plan_api(*call, p, noon), p);
  }
  http::response ask(const std::string& target) const { return ask(target, consumer); }
};

const std::string readings = "/smgw/con/v1/exp/Readings/taf7-1";

}  // namespace

TEST_CASE("readings come in pages, of which none is missing",
          "[han][REQ.Webservice.HttpServer.210][REQ.HTTP.QueryParameter.10]") {
  const api a;
  const auto day = json_of(a.ask(readings + "?q.fromtime=2026-03-15T00:00:00Z"));
  REQUIRE(day["lists"].size() == 1);
  CHECK(day["lists"][0]["entries"].size() == 48);  // 0:00 to 11:45: the window ends before now
  CHECK_FALSE(day.contains("next"));
  CHECK(day["lists"][0]["entries"][0]["value"] == a.entry(noon - 12h).value.value.text());
  CHECK(json_of(a.ask(readings + "?q.count=3"))["lists"][0]["entries"].size() == 3);
  CHECK(json_of(a.ask(readings + "?q.obis=1-0:2.8.0"))["lists"].empty());
  CHECK(a.ask(readings + "?q.obis=18").status == 400);
  CHECK(a.ask(readings + "?q.type=week").status == 400);
  CHECK(a.ask(readings + "?q.level=I").status == 400);
}

TEST_CASE("a page that is full says where the next one begins", "[han]") {
  api a;
  a.consumer.contracts[1].from = noon - 24h * 90;
  const auto d = plan_api({http::operation::hand_out, http::role::consumer, http::branch::exp, "Readings", "taf7-1"},
                          a.consumer, noon);
  REQUIRE(d);
  findings f;
  f.lists.emplace_back();
  for (std::size_t i = 0; i <= page_entries; ++i) f.lists[0].push_back(a.entry(noon + 15min * static_cast<int>(i)));
  CHECK(d->need.lists.at(0).limit == page_entries + 1);
  const auto page = json_of(d->render(f));
  CHECK(page["lists"][0]["entries"].size() == page_entries);
  CHECK(page["next"] == "2026-04-27T04:00:00Z");
}

TEST_CASE("the first values of days and months in legal time", "[han]") {
  const api a;
  const auto days = json_of(a.ask(readings + "?q.type=day"))["lists"][0]["entries"];
  REQUIRE(days.size() == 10);
  CHECK(days[0]["target"] == "2026-03-05T23:00:00Z");
  CHECK(json_of(a.ask(readings + "?q.type=month"))["lists"][0]["entries"].empty());
}

TEST_CASE("a gap keeps its entry without a value", "[han]") {
  const api a;
  const auto d = plan_api({http::operation::hand_out, http::role::consumer, http::branch::exp, "Readings", "taf7-1"},
                          a.consumer, noon);
  findings f;
  f.lists = {{a.entry(noon)}};
  f.lists[0][0].value.status.smgw |= 1U << 13;
  const auto e = json_of(d->render(f))["lists"][0]["entries"][0];
  CHECK_FALSE(e.contains("value"));
  CHECK(e["status"] == "0000200500000004");
}

TEST_CASE("tables are plain, and no cell is a formula", "[han]") {
  const api a;
  const auto r = a.ask(readings + "?q.count=1", a.consumer, {{"Accept", "text/csv"}});
  CHECK(
      body_of(r).starts_with("meter,obis,unit,target,captured,value,status,signature\r\n"
                             "1SMG0000000001,1-0:1.8.0*255,Wh,2026-03-05T12:15:00Z,2026-03-05T12:15:01Z,100250.0,"));
  const auto log = a.ask("/smgw/con/v1/exp/Log/self", a.consumer, {{"Accept", "text/csv"}});
  CHECK(body_of(log).contains("\"user1 \"\"logged\"\" in\""));
}

TEST_CASE("each role sees its resources and no others",
          "[han][REQ.Webservice.HttpServer.201][REQ.Webservice.HttpServer.202][REQ.Webservice.HttpServer.203]") {
  const api a;
  const party box{.who = http::role::cls, .user = "box"};
  for (const auto& rule : api_rules(true)) {
    if (rule.where == http::branch::fas) continue;
    const auto branch = rule.where == http::branch::rts ? "/v1/rts/" : "/v1/exp/";
    const std::string id = rule.name == "Contract" || rule.name == "Readings" ? "taf7-1"
                           : rule.name == "Registers"                         ? "taf1-1"
                                                                              : "self";
    for (const auto* p : {&a.consumer, &a.technician, &box}) {
      const bool allowed = (rule.roles & static_cast<std::uint8_t>(p->who)) != 0;
      const auto target = "/smgw/" + std::string{to_string(p->who)} + branch + rule.name + "/";
      INFO(target << id);
      CHECK(a.ask(target + id, *p).status == (allowed ? 200 : 404));
      CHECK(a.ask(target, *p).status == (allowed ? 200 : 404));
      CHECK(a.ask(target + "other", *p).status == 404);
    }
  }
  CHECK(json_of(a.ask("/smgw/srv/v1/rts/Gateway/self", a.technician)).contains("meters") == false);
}

TEST_CASE("what goes beyond a party's rights is not fetched", "[han]") {
  const household h;
  const auto other = *device_id::parse("1SMG0000000002");
  wishes w;
  w.lists.push_back({.meter = other, .register_name = import_register});
  CHECK_FALSE(permits(h.consumer, w));
  w.lists = {{.meter = h.meter, .register_name = {{1, 0, 2, 8, 0, 255}}}};
  CHECK_FALSE(permits(h.consumer, w));
  w.lists = {{.meter = h.meter, .register_name = import_register}};
  CHECK(permits(h.consumer, w));
  CHECK_FALSE(permits(h.technician, w));
  CHECK_FALSE(permits(h.consumer, {.rows = {{.contract = "taf9-9"}}}));
  CHECK_FALSE(permits(h.consumer, {.live = {other}}));
  CHECK_FALSE(permits(h.consumer, {.log = log_wish{.system = true}}));
  CHECK_FALSE(permits(h.technician, {.log = log_wish{}}));
  CHECK(permits(h.technician, {.log = log_wish{.system = true}}));
  // the tenant before
  CHECK(sees(h.consumer, h.meter, import_register, noon));
  CHECK_FALSE(sees(h.consumer, h.meter, import_register, noon - 241h));
}

TEST_CASE("registers of closed periods and of the one that runs", "[han]") {
  const api a;
  const auto r = json_of(a.ask("/smgw/con/v1/exp/Registers/taf1-1"));
  CHECK(r["contract"] == "taf1-1");
  REQUIRE(r["periods"].size() == 10);
  CHECK(r["periods"][0]["from"] == "2026-03-05T12:00:00Z");
  CHECK(r["periods"][1]["from"] == r["periods"][0]["to"]);
  CHECK(r["periods"][0]["registers"][0]["stage"] == 0);
  CHECK(a.ask("/smgw/con/v1/exp/Registers/taf7-1").status == 404);
}

TEST_CASE("every path of the description is there for its role", "[han]") {
  const api a;
  for (const auto* p : {&a.consumer, &a.technician}) {
    const auto all = json::parse(describe_api(api_rules(true), p->who, "1"));
    CHECK(all["paths"].size() > 5);
    for (const auto& [path, item] : all["paths"].items()) {
      auto r = get(path);
      if (const auto at = r.target.find("{id}"); at != r.target.npos) r.target.replace(at, 4, "taf1-1");
      if (item.contains("post")) r.verb = http::method::post;
      const auto routed = a.tree.route(r, p->who);
      INFO(r.target);
      CHECK((routed || routed.error().status == 200));
    }
  }
}

TEST_CASE("signed answers carry the message", "[han]") {
  http::response r;
  r.headers.add("Content-Type", "application/json");
  r.body = {'{', '}'};
  plan how;
  how.sign = sealing::detached;
  const auto d = json_of(sealed(r, how, bytes{1, 2, 3, 4}));
  CHECK(d["content"] == "e30=");
  CHECK(d["signature"] == "AQIDBA==");
  how.sign = sealing::enclosed;
  CHECK(sealed(r, how, bytes{1}).body == bytes{1});
}
