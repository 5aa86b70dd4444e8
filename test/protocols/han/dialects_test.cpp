// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

// Requests as the programs in the field send them.
#include "world.hpp"

using namespace smgw;
using namespace smgw::han;
using namespace smgw::han::test;

namespace {

struct field : household {
  http::response m2m(const std::string& body, const std::string& path = "/smgw/m2m/user1/json") const {
    return carry_out(*plan_theben(post(path, body), consumer, noon));
  }
  http::response emh(const std::string& path) const {
    return carry_out(*plan_emh(get("/json/" + path), consumer, noon));
  }
  http::response trudi(const std::string& path) const { return carry_out(*plan_trudi(get(path), consumer, noon)); }
  http::response ppc(const std::string& form) const {
    return carry_out(*plan_ppc(post("/cgi-bin/hanservice.cgi", form), consumer, noon));
  }
};

}  // namespace

TEST_CASE("M2M: the way to the user's address keeps method and body", "[han][dialect]") {
  const field f;
  for (const auto& r : {get("/smgw/m2m"), get("/smgw/m2m/"), post("/smgw/m2m/", "{\"method\":\"smgw-info\"}"),
                        post("/smgw/m2m/somebody/json", "{}")}) {
    const auto d = plan_theben(r, f.consumer, noon);
    REQUIRE(d);
    REQUIRE_FALSE(*d);
    CHECK(d->error().status == 307);
    CHECK(d->error().headers.get("Location") == "/smgw/m2m/user1/json");
  }
  CHECK_FALSE(plan_theben(get("/smgw/con/v1/"), f.consumer, noon));
  CHECK(plan_theben(get("/smgw/m2m/user1/json"), f.consumer, noon)->error().status == 405);
}

TEST_CASE("M2M: a home automation asks for info, users and the last reading", "[han][dialect]") {
  const field f;
  const auto info = json_of(f.m2m("{\"method\":\"smgw-info\"}", "/smgw/m2m/user1.sm/json"));
  CHECK(info["version"] == "1.3.0");
  CHECK(info["elapsed-time"] == "7 miliseconds");
  CHECK(info["smgw-info"]["firmware-info"]["version"] == "0.1.0");
  CHECK(info["smgw-info"]["smgw-id"] == "esmg0000000001");
  CHECK(info["smgw-info"]["smgw-state"] == "a0000000");
  const auto users = json_of(f.m2m("{\"method\": \"user-info\"}"));
  const auto& points = users["user-info"]["usage-points"];
  REQUIRE(points.size() == 2);
  CHECK(points[1]["taf-number"] == "7");
  CHECK(points[1]["taf-state"] == "running");
  CHECK(points[0]["billing-Periods"].size() == 1);
  const auto id = points[1]["usage-point-id"].get<std::string>();
  CHECK(id == "01005e318027.taf7-1.sm");
  const auto last = json_of(f.m2m("{\"method\":\"readings\",\"database\":\"origin\",\"usage-point-id\":\"" + id +
                                  "\",\"last-reading\":\"true\"}"));
  const auto& channel = last["readings"]["channels"][0];
  CHECK(channel["obis"] == "0100010800ff");
  REQUIRE(channel["readings"].size() == 1);
  CHECK(channel["readings"][0]["value"] == std::to_string(f.entry(noon).value.value.value));
  CHECK(channel["readings"][0]["cosem-status"] == "a000000020000000");
  CHECK(channel["readings"][0]["signature"].is_null());
  const auto details = json_of(f.m2m("{\"method\":\"usage-point-info\",\"usage-point-id\":\"" + id + "\"}"));
  CHECK(details["usage-point-info"]["databases"][0]["channels"][0]["unit"] == "30");
}

TEST_CASE("M2M: a window is open at its beginning, and bounded", "[han][dialect]") {
  const field f;
  const auto ask = [&](const std::string& more) {
    return f.m2m(R"({"method":"readings","database":"origin","usage-point-id":"taf7-1.sm",)" + more + "}");
  };
  const auto r = json_of(ask(R"("fromtime":"2026-03-15T10:00:00Z","totime":"2026-03-15T12:00:00+01:00")"));
  CHECK(r["readings"]["records"] == "4");
  CHECK(r["readings"]["channels"][0]["readings"][0]["target-time"] == "2026-03-15T10:15:00Z");
  CHECK(ask(R"("fromtime":"2026-01-01T00:00:00Z")").status == 400);
  CHECK(ask(R"("fromtime":"yesterday")").status == 400);
  CHECK(ask(R"("fromtime":17)").status == 400);
  CHECK(ask(R"("totime":"2026-03-15T12:00:00Z")").status == 400);
  CHECK(ask(R"("fromtime":"2026-03-15T10:00:00","channels":[{"channel":"0100020800ff"}])").status == 200);
  CHECK(ask(R"("fromtime":"2026-03-15T10:00:00","channels":["x"])").status == 400);
  CHECK(f.m2m(R"({"method":"readings","database":"origin","usage-point-id":"taf9-9"})").status == 400);
  for (const auto* body : {"", "[]", "{", "{\"method\":\"format\"}", "{\"method\":{}}", "null"})
    CHECK(f.m2m(body).status == 400);
}

TEST_CASE("M2M: the log takes the documented sets of members", "[han][dialect]") {
  const field f;
  const auto r = json_of(f.m2m(R"({"method":"log","count":"10","fromtime":"2026-03-01T00:00:00Z"})"));
  CHECK(r["log"]["entries"][0]["event-id"] == "3007");
  CHECK(r["log"]["records"] == "1");
  CHECK(f.m2m(R"({"method":"log","count":1501})").status == 400);
  CHECK(f.m2m(R"({"method":"log","fromindex":1,"fromtime":"2026-03-01T00:00:00Z"})").status == 400);
  CHECK(f.m2m(R"({"method":"self-test"})").status == 200);
}

TEST_CASE("EMH: meters, registers as they stand, contracts", "[han][dialect]") {
  const field f;
  CHECK(json_of(f.emh("metering/origin/")) == json{"1smg0000000001"});
  for (const auto* meter : {"1smg0000000001", "1smg0000000001.sm"}) {
    const auto now = json_of(f.emh(std::string{"metering/origin/"} + meter + "/extended"));
    const auto& v = now["values"][0];
    CHECK(v["logical_name"] == "0100010800ff.1smg0000000001.sm");
    CHECK(v["scaler"] == -3);
    CHECK(v["unit"] == 30);
    CHECK(v["value"] == "1765432100");
    CHECK(now["values"][1]["value"] == "431200");
  }
  CHECK(json_of(f.emh("metering/derived")) == json{"taf1-1.sm", "taf7-1.sm"});
  const auto c = json_of(f.emh("metering/derived/taf1-1.sm"));
  CHECK(c["taf_type"] == "TAF-1");
  CHECK(c["sensor_domains"][0] == "1smg0000000001");
  CHECK(json_of(f.emh("metering/derived/0100010800ff.taf1-1.sm/billingperiods")).size() == 1);
  CHECK(json_of(f.emh("metering/derived/taf7-1.sm/daily")).empty());
  CHECK_FALSE(json_of(f.emh("metering/derived/taf1-1.sm/billingperiods/0")).empty());
  CHECK(f.emh("metering/derived/taf1-1.sm/billingperiods/7").status == 404);
  const auto month = json_of(f.emh("metering/origin/1smg0000000001/0"));
  CHECK(month.size() > 900);
  CHECK(month[0]["0100010800ff"].get<std::string>().ends_with(" kWh"));
  CHECK(json_of(f.emh("systeminformations"))["huid"] == "ESMG0000000001");
  CHECK(json_of(f.emh("conlogbook/0"))[0]["recordnumber"] == 3);
  CHECK(f.emh("metering/origin/1emh0000000009/extended").status == 404);
  CHECK(f.emh("conlogbook/x").status == 404);
  CHECK(plan_emh(post("/json/metering/origin", ""), f.consumer, noon)->error().status == 405);
}

TEST_CASE("the transparency software's questions", "[han][dialect]") {
  const field f;
  CHECK(json_of(f.trudi("/trudi/firmware"))[0]["Version"] == "0.1.0");
  const auto all = json_of(f.trudi("/trudi/contracts"));
  CHECK(all[0]["TafId"] == 1);
  CHECK(all[0]["Meters"] == json{"1SMG0000000001"});
  CHECK(all[0]["Begin"] == "2026-03-05T13:00:00+01:00");
  CHECK(all[0]["End"].is_null());
  CHECK(all[1]["BillingPeriods"].is_null());
  CHECK(json_of(f.trudi("/rest/trudi/contract/info"))[0]["begin"] == "2026-03-05T13:00:00");
  for (const auto* zone : {"+01:00", "%2B01:00", "%2b01:00", "%2001:00", " 01:00"}) {
    const auto target = std::string{"/trudi/data?TafName=taf7-1&TafId=7&Start=2026-03-10T00:00:00"} + zone +
                        "&End=2026-03-11T00:00:00" + zone + "&WithLogData=True";
    const auto d = plan_trudi(get(target), f.consumer, noon);
    REQUIRE(d);
    INFO(target);
    REQUIRE(*d);
    CHECK((*d)->need.document->from == timestamp{std::chrono::sys_days{std::chrono::year{2026} / 3 / 9} + 23h});
    CHECK((*d)->need.document->with_log);
  }
  CHECK(f.trudi("/trudi/data?TafName=taf7-1&TafId=1").status == 404);
  CHECK(f.trudi("/trudi/data?TafName=taf7-1&Start=now").status == 400);
  CHECK((*plan_trudi(get("/trudi/current?TafName=taf1-1"), f.consumer, noon))->need.document->current);
}

TEST_CASE("PPC: login, meters, values as the scrapers take them apart", "[han][dialect]") {
  const field f;
  const auto login = f.carry_out(*plan_ppc(get("/cgi-bin/hanservice.cgi"), f.consumer, noon));
  const auto page = body_of(login);
  CHECK(page.contains("Willkommen"));
  CHECK_FALSE(page.contains("Fehler"));
  CHECK(login.headers.get("Set-Cookie") == "session=00ff;secure;HttpOnly");
  CHECK(page.find("<input type='hidden' name='tkn' value='00ff'>") == page.find("<input"));
  CHECK(page.contains("<button id='button_menu_zaehler'"));
  const auto meters = body_of(f.ppc("tkn=00ff&action=meterform"));
  CHECK(meters.contains("<option value='1smg0000000001'>01005e318002.1smg0000000001.sm</option>"));
  const auto profile = body_of(f.ppc("action=showMeterProfile&mid=1smg0000000001"));
  CHECK(profile.contains("<td>Ausleseintervall</td><td>900</td>"));
  CHECK(profile.contains("<table id='metervalue'><tr id='table_metervalues_line1'>"));
  CHECK(profile.contains("<td id='table_metervalues_col_timestamp'>2026-03-15 13:00:00</td>"));
  const auto values = body_of(
      f.ppc("action=showMeterValues&mid=1smg0000000001&from=2026-03-14+00%3A00%3A00&to=2026-03-14+23%3A59%3A59"));
  CHECK(values.contains("table_metervalues_line96"));
  CHECK_FALSE(values.contains("table_metervalues_line97"));
  CHECK(values.contains("_col_einheit'>kWh</td>"));
  CHECK(values.contains("_col_obis'>1-0:1.8.0</td>"));
  CHECK(body_of(f.ppc("action=tariffform")).contains("<select name='tid' id='tarifform_select_profile'>"));
  CHECK(body_of(f.ppc("action=showTariffProfile&tid=taf7-1")).contains("TAF-7"));
  CHECK(body_of(f.ppc("action=logout")).contains("abgemeldet"));
  CHECK(body_of(f.ppc("action=%3Cscript%3E")).contains("Fehler"));
  CHECK(body_of(f.ppc("action=showMeterProfile&mid=1smg0000000009")).contains("Fehler"));
  CHECK(f.ppc("action=%zz").status == 400);
}

TEST_CASE("PPC: an export is DKE XML to be signed", "[han][dialect]") {
  const field f;
  const auto d = *plan_ppc(
      post("/cgi-bin/hanservice.cgi", "action=exportMeterValues&mid=1smg0000000001&from=2026-03-14&to=2026-03-14"),
      f.consumer, noon);
  REQUIRE(d);
  CHECK(d->sign == sealing::enclosed);
  const auto r = d->render(f.find(d->need));
  CHECK(r.headers.get("Content-Disposition").starts_with("attachment"));
  CHECK(body_of(r).contains("<?xml"));
  CHECK(body_of(r).contains("</ns1:object>"));
  const auto nothing = *plan_ppc(
      post("/cgi-bin/hanservice.cgi", "action=exportMeterValues&mid=1smg0000000001&from=2020-01-01&to=2020-01-02"),
      f.consumer, noon);
  CHECK(nothing->render(f.find(nothing->need)).status == 404);
}

TEST_CASE("no dialect answers technicians", "[han][dialect]") {
  const field f;
  CHECK(plan_theben(get("/smgw/m2m"), f.technician, noon)->error().status == 403);
  CHECK(plan_emh(get("/json/metering/origin"), f.technician, noon)->error().status == 403);
  CHECK(plan_trudi(get("/trudi/contracts"), f.technician, noon)->error().status == 403);
  CHECK(plan_ppc(get("/cgi-bin/hanservice.cgi"), f.technician, noon)->error().status == 403);
}
