// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "domain/profile/profile_set.hpp"

#include "domain/lists.hpp"
#include "domain/profile/documents.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace smgw;
using namespace smgw::documents;
using lists::at;
using lists::import_total;
using lists::meter_a;
using namespace std::chrono_literals;

namespace {

/// Applies a change to one document of the small set and gives the problems.
profile::problems after(const std::string& name, const std::function<void(json&)>& change) {
  auto docs = small();
  change(docs[name]);
  auto got = load(docs);
  CHECK(got.set.has_value() == got.found.empty());
  return got.found;
}
bool has(const profile::problems& list, std::string_view pointer, std::string_view part) {
  for (const auto& p : list)
    if (p.pointer == pointer && (p.reason + " / " + p.fix).find(part) != std::string::npos) return true;
  UNSCOPED_INFO(all_of(list));
  return false;
}
const std::string gateway = "gateway.json";
const std::string meter = "meters/1EMH0010482201.json";
const std::string supplier = "wan/supplier.json";
const std::string taf1 = "evaluations/taf1.json";

}  // namespace

TEST_CASE("the example profiles load without a problem") {
  const auto got = load(examples());
  INFO(all_of(got.found));
  REQUIRE(got.set);
  const auto& set = *got.set;
  CHECK(set.self.id.text() == "EBSI0012345678");
  CHECK(set.self.name == "gateway.json");
  CHECK(set.find_port("sim-1")->tcp->text() == "127.0.0.1:7001");
  CHECK(set.find_port("rs485-1")->baud == 921'600);
  CHECK(set.administrator()->id == "gwa");
  CHECK(set.administrator()->wake_up_port == 51'803);
  CHECK(set.find_meter(meter_a)->registers.size() == 2);
  CHECK(set.find_meter(meter_a)->find(import_total)->measured == unit::watt_hour);
  CHECK(set.meters_on("sim-1").size() == 1);
  CHECK(set.find_wan("nobody") == nullptr);
  CHECK(set.find_wan("supplier")->retry.limit == 30min);
  const auto* e = set.find_evaluation("taf7");
  REQUIRE(e != nullptr);
  CHECK(e->delivery == calendar::span{.days = 1});
  CHECK(e->valid_from == at("2025-12-31T23:00:00Z"));
  CHECK(e->recipients[0].sending == schedule::plan{.times = {30min}, .jitter = 30min});
  CHECK(e->inputs.size() == 2);
  CHECK(set.evaluations_of(meter_a, import_total).size() == 12);
  CHECK(set.find_evaluation("taf2")->switching->seasons.size() == 2);
  CHECK(set.find_evaluation("taf13")->shown == 7);
  CHECK(set.find_evaluation("taf13")->inputs == e->inputs);
  CHECK(set.log.consumer_retention == std::chrono::months{15});
}

TEST_CASE("all problems of all documents are told at once, by name") {
  auto docs = small();
  docs[gateway]["device_id"] = "nonsense";
  docs[gateway].erase("key_store");
  docs[meter]["registration_period_s"] = 7;
  docs[supplier]["peer"] = "no port";
  docs[taf1]["usage_point"] = "DE1";
  docs["extra.json"] = json::array();
  docs["kind.json"] = {{"profile", "metr"}, {"version", 1}};
  const auto got = load(docs);
  CHECK_FALSE(got.set);
  CHECK(got.found.size() >= 7);
  CHECK(std::ranges::is_sorted(got.found, {}, &profile::problem::profile));
  CHECK(has(got.found, "/device_id", "DIN 43849"));
  CHECK(has(got.found, "/key_store", "missing"));
  CHECK(has(got.found, "/registration_period_s", "does not divide"));
  CHECK(has(got.found, "/peer", "host:port"));
  CHECK(has(got.found, "/usage_point", "33 characters"));
  CHECK(has(got.found, "", "not an object"));
  CHECK(has(got.found, "/profile", "Did you mean 'meter'"));
  CHECK(profile::to_text({.profile = "a.json", .pointer = "/x", .reason = "wrong", .fix = "Mend it"}) ==
        "a.json /x: wrong. Mend it.");
}

TEST_CASE("an unknown member is a problem, with what may have been meant") {
  CHECK(has(after(meter, [](json& d) { d["registration_period"] = 900; }), "/registration_period", "Remove it"));
  CHECK(has(after(meter,
                  [](json& d) {
                    d.erase("registration_period_s");
                    d["registration_period"] = 900;
                  }),
            "/registration_period", "Did you mean 'registration_period_s'"));
  CHECK(has(after(taf1, [](json& d) { d["recipients"][0]["jiter_s"] = 1; }), "/recipients/0/jiter_s", "unknown"));
  CHECK(has(after(meter, [](json& d) { d["a/b~c"] = 1; }), "/a~1b~0c", "unknown"));
  CHECK(after(meter, [](json& d) { d["$comment"] = {1, 2}; }).empty());
}

TEST_CASE("wrong types, ranges and words") {
  CHECK(has(after(meter, [](json& d) { d["port"] = 5; }), "/port", "a text in quotes"));
  CHECK(
      has(after(meter, [](json& d) { d["registration_period_s"] = 900.5; }), "/registration_period_s", "whole number"));
  CHECK(
      has(after(meter, [](json& d) { d["registration_period_s"] = 1e30; }), "/registration_period_s", "whole number"));
  CHECK(has(after(meter, [](json& d) { d["registration_period_s"] = -1; }), "/registration_period_s", "1 to 3600"));
  CHECK(has(after(meter, [](json& d) { d["active"] = "yes"; }), "/active", "true or false"));
  CHECK(has(after(meter, [](json& d) { d["registers"] = json::array(); }), "/registers", "empty list"));
  CHECK(has(after(meter, [](json& d) { d["registers"][0]["unit"] = "kWh"; }), "/registers/0/unit", "Wh"));
  CHECK(has(after(meter, [](json& d) { d["registers"][1]["obis"] = "1-0:1.8.0"; }), "/registers/1/obis", "twice"));
  CHECK(has(after(meter, [](json& d) { d["medium"] = "electricty"; }), "/medium", "Did you mean 'electricity'"));
  CHECK(has(after(meter, [](json& d) { d["quirks"] = {"odd"}; }), "/quirks/0", "not a known quirk"));
  CHECK(has(after(meter, [](json& d) { d["server_id"] = "0A0"; }), "/server_id", "hexadecimal"));
  CHECK(has(after(meter, [](json& d) { d["version"] = 2; }), "/version", "out of range"));
  CHECK(has(after(meter,
                  [](json& d) {
                    d["acceptance_window_min_ms"] = 60'000;
                    d["registration_period_s"] = 60;
                  }),
            "/acceptance_window_min_ms", "would meet"));
  CHECK(has(after(gateway, [](json& d) { d["device_id"] = "1EMH0010482201"; }), "/device_id", "begins with E"));
  CHECK(has(after(gateway, [](json& d) { d["data_directory"] = "relative"; }), "/data_directory", "absolute"));
  CHECK(has(after(gateway, [](json& d) { d["data_directory"] = "/a/../b"; }), "/data_directory", "absolute"));
  CHECK(has(after(gateway, [](json& d) { d["lmn_ports"][0]["baud"] = 9601; }), "/lmn_ports/0/baud", "no serial line"));
  CHECK(has(after(gateway, [](json& d) { d["lmn_ports"][0]["tcp"] = "a:1"; }), "/lmn_ports/0", "Keep one"));
  CHECK(has(after(gateway, [](json& d) { d["lmn_ports"][0].erase("serial"); }), "/lmn_ports/0", "Add one"));
}

TEST_CASE("communication profiles") {
  const auto wrong = [](const char* member, const json& v, std::string_view part) {
    return has(after(supplier, [&](json& d) { d[member] = v; }), std::string("/") + member, part);
  };
  for (const auto* peer :
       {"host", "host:", ":443", "host:0", "host:65536", "host:4x3", "ho st:443", "-a:1", "[::1:443", "[]:1"})
    CHECK(wrong("peer", peer, "host:port"));
  for (const auto* peer : {"emt.example:443", "192.0.2.1:443", "[2001:db8::1]:8443"})
    CHECK(after(supplier, [&](json& d) { d["peer"] = peer; }).empty());
  for (const auto* file : {"../x.pem", "/etc/x.pem", "x", "x.txt", ".pem", "a/b.pem"})
    CHECK(wrong("tls_certificate", file, "without folders"));
  for (const auto* prefix : {"values", "/a?b", "/a#b", "/a b"}) CHECK(wrong("uri_prefix", prefix, "a path"));
  CHECK(wrong("tls_sni", "not a name", "DNS"));
  CHECK(wrong("role", "emt", "Use one of"));
  CHECK(wrong("cms_suite", "CMS_ECKAEG_AES_128_GMC", "Did you mean 'CMS_ECKAEG_AES_128_GCM'"));
  CHECK(wrong("wake_up_port", 1, "only the administrator"));
  CHECK(has(after(supplier, [](json& d) { d["retry"] = {{"first_ms", 5000}, {"limit_s", 1}}; }), "/retry/limit_s",
            "less than"));
  CHECK(
      has(after(supplier, [](json& d) { d.erase("encryption_certificate"); }), "/encryption_certificate", "encrypted"));
  auto docs = small();
  docs["a.json"] = docs["b.json"] = examples().at("wan/administrator.json");
  docs["b.json"]["id"] = "gwa2";
  docs["b.json"].erase("signer_certificate");
  const auto got = load(docs);
  CHECK(has(got.found, "/role", "a.json is the administrator"));
  CHECK(has(got.found, "/signer_certificate", "signed"));
}

TEST_CASE("references resolve, or it is said where they lead") {
  CHECK(has(after(meter, [](json& d) { d["port"] = "rs485-9"; }), "/port", "no LMN port 'rs485-9'"));
  CHECK(has(after(meter, [](json& d) { d["medium"] = "wireless"; }), "/medium", "wM-Bus"));
  CHECK(has(after(taf1, [](json& d) { d["inputs"][0]["meter"] = "1EMH0099999999"; }), "/inputs/0/meter",
            "no meter profile"));
  CHECK(has(after(taf1, [](json& d) { d["inputs"][0]["obis"] = "1-0:5.8.0"; }), "/inputs/0/obis", "no register"));
  CHECK(has(after(taf1, [](json& d) { d["recipients"][0]["wan"] = "nobody"; }), "/recipients/0/wan", "no WAN profile"));
  CHECK(has(after(taf1,
                  [](json& d) {
                    d["registration_period_s"] = 450;
                    d["billing_period"] = {{"months", 1}};
                  }),
            "/registration_period_s", "Use a multiple of 900"));
}

TEST_CASE("evaluations make sense in themselves") {
  CHECK(has(after(taf1, [](json& d) { d["billing_period"] = {{"months", 1}, {"days", 1}}; }), "/billing_period",
            "exactly one"));
  CHECK(has(after(taf1, [](json& d) { d["billing_period"] = json::object(); }), "/billing_period", "exactly one"));
  CHECK(has(after(taf1, [](json& d) { d["billing_period"] = {{"days", 7}}; }), "/billing_period", "by months"));
  CHECK(
      has(after(taf1, [](json& d) { d["billing_period"] = {{"seconds", 60}}; }), "/billing_period", "multiple of 900"));
  CHECK(
      has(after(taf1, [](json& d) { d["valid_until"] = "2025-01-01T00:00:00Z"; }), "/valid_until", "before it begins"));
  CHECK(has(after(taf1, [](json& d) { d["valid_from"] = "2026-01-01"; }), "/valid_from", "zone"));
  CHECK(has(after(taf1, [](json& d) { d["taf"] = 15; }), "/taf", "1 to 14"));
  CHECK(has(after(taf1, [](json& d) { d["stages"] = {{{"number", 1}}}; }), "/stages", "TAF 1 does not use this"));
  CHECK(has(after(taf1, [](json& d) { d["inputs"].push_back(d["inputs"][0]); }), "/inputs/1", "twice"));
  CHECK(has(after(taf1, [](json& d) { d["inputs"][0]["sign"] = 0; }), "/inputs/0/sign", "counts nothing"));
  CHECK(has(after(taf1, [](json& d) { d["recipients"].push_back(d["recipients"][0]); }), "/recipients/1/wan", "twice"));
  CHECK(has(after(taf1, [](json& d) { d["recipients"][0]["times"] = {"25:00"}; }), "/recipients/0/times/0", "06:00"));
  CHECK(has(after(taf1, [](json& d) { d["recipients"][0]["every_s"] = 60; }), "/recipients/0/every_s", "either"));
}

TEST_CASE("what overlaps is told") {
  auto docs = small();
  docs["evaluations/again.json"] = docs[taf1];
  docs["evaluations/again.json"]["id"] = "again";
  CHECK(has(load(docs).found, "/valid_from", "the same registers in the same time"));
  docs["evaluations/again.json"]["valid_from"] = "2027-01-01T00:00:00+01:00";
  CHECK(has(load(docs).found, "/valid_from", "the same registers in the same time"));
  docs[taf1]["valid_until"] = "2027-01-01T00:00:00+01:00";
  CHECK(load(docs).found.empty());
  docs["evaluations/again.json"]["id"] = "taf1";
  CHECK(has(load(docs).found, "/id", "has the same id"));
  docs = small();
  docs["gateway2.json"] = docs[gateway];
  CHECK(has(load(docs).found, "/profile", "gateway.json is the gateway profile"));
  docs = small();
  docs["meters/twin.json"] = docs[meter];
  CHECK(has(load(docs).found, "/device_id", "has the same device id"));
  docs = small();
  docs[gateway]["lmn_ports"][1] = docs[gateway]["lmn_ports"][0];
  const auto found = load(docs).found;
  CHECK(has(found, "/lmn_ports/1/id", "two ports"));
  CHECK(has(found, "/lmn_ports/1/serial", "two ports"));
}

TEST_CASE("sums need one unit") {
  CHECK(has(after(meter, [](json& d) { d["registers"][1]["unit"] = "varh"; }), "", "") == false);
  auto docs = small();
  docs[meter]["registers"][1]["unit"] = "varh";
  docs[taf1]["inputs"].push_back({{"meter", "1EMH0010482201"}, {"obis", "1-0:2.8.0"}});
  CHECK(has(load(docs).found, "/inputs/1/obis", "another unit"));
}

TEST_CASE("rules of the tariff use cases") {
  auto all = examples();
  const auto wrong = [&](int taf, const std::function<void(json&)>& change, std::string_view pointer,
                         std::string_view part) {
    auto docs = all;
    change(docs["evaluations/taf" + std::to_string(taf) + ".json"]);
    return has(load(docs).found, pointer, part);
  };
  CHECK(wrong(
      2, [](json& d) { d["switching"]["days"][0]["switches"][0]["at"] = "00:15"; }, "/switching/days/0/switches/0/at",
      "00:00"));
  CHECK(wrong(
      2, [](json& d) { d["switching"]["days"][0]["switches"][1]["at"] = "06:07"; }, "/switching/days/0/switches/1/at",
      "registration period"));
  CHECK(wrong(
      2, [](json& d) { d["switching"]["days"][0]["switches"][2]["at"] = "05:00"; }, "/switching/days/0/switches/2/at",
      "ascending"));
  CHECK(wrong(
      2, [](json& d) { d["switching"]["days"][0]["switches"][1]["stage"] = 9; }, "/switching/days/0/switches/1/stage",
      "no stage 9"));
  CHECK(wrong(
      2, [](json& d) { d["switching"]["weeks"][0]["monday"] = "x"; }, "/switching/weeks/0/monday", "no day profile"));
  CHECK(wrong(
      2, [](json& d) { d["switching"]["seasons"][0]["week"] = "x"; }, "/switching/seasons/0/week", "no week profile"));
  CHECK(wrong(
      2, [](json& d) { d["switching"]["seasons"][1]["from"] = "04-01"; }, "/switching/seasons/1/from", "two seasons"));
  CHECK(wrong(
      2, [](json& d) { d["switching"]["special_days"][0]["date"] = "13-01"; }, "/switching/special_days/0/date",
      "yyyy-mm-dd"));
  CHECK(wrong(
      2, [](json& d) { d["switching"]["special_days"][1]["date"] = "12-25"; }, "/switching/special_days/1/date",
      "twice"));
  CHECK(wrong(2, [](json& d) { d.erase("switching"); }, "/switching", "missing"));
  CHECK(wrong(2, [](json& d) { d["stages"][1]["number"] = 63; }, "/stages/1/number", "1 to 62"));
  CHECK(wrong(3, [](json& d) { d["load_steps"][0]["above"] = "4.2e3"; }, "/load_steps/0/above", "decimal"));
  CHECK(wrong(4, [](json& d) { d["quotas"][1]["amount"] = "5"; }, "/quotas/1/amount", "every quota but the last"));
  CHECK(wrong(4, [](json& d) { d["quotas"][0]["amount"] = "0"; }, "/quotas/0/amount", "more than nothing"));
  CHECK(wrong(5, [](json& d) { d["events"][1]["event"] = "peak"; }, "/events/1/event", "twice"));
  CHECK(wrong(6, [](json& d) { d["day_start"] = "06:01"; }, "/day_start", "registration period"));
  CHECK(wrong(8, [](json& d) { d["extremes"] = json::object(); }, "/extremes", "at least one"));
  CHECK(wrong(9, [](json& d) { d["triggers"][0].erase("above"); }, "/triggers/0", "without limit"));
  CHECK(wrong(9, [](json& d) { d["triggers"][0]["obis"] = "1-0:9.8.0"; }, "/triggers/0/obis", "not an input"));
  CHECK(wrong(12, [](json& d) { d["prepaid"]["tolerance"] = "-1"; }, "/prepaid/tolerance", "zero or more"));
  CHECK(wrong(13, [](json& d) { d["source"] = "taf99"; }, "/source", "no evaluation"));
  CHECK(wrong(13, [](json& d) { d["consumer"] = "somebody"; }, "/source", "another consumer"));
  CHECK(wrong(13, [](json& d) { d["inputs"] = json::array(); }, "/inputs", "of its source"));
}

TEST_CASE("parties of the home network, proxy channels, time") {
  auto all = examples();
  const auto wrong = [&](const std::string& name, const std::function<void(json&)>& change, std::string_view pointer,
                         std::string_view part) {
    auto docs = all;
    change(docs[name]);
    return has(load(docs).found, pointer, part);
  };
  const auto set = *load(all).set;
  CHECK(set.find_han("technician")->role == profile::han_role::technician);
  CHECK(set.find_han("consumer1-login")->idle_limit == 600s);
  CHECK(set.find_proxy("controlbox.local")->wan_peer_addresses.at(0).port == 443);
  CHECK(set.find_proxy("other.local") == nullptr);
  CHECK(set.time->poll == 1h);
  const std::string consumer = "han/consumer.json";
  const std::string technician = "han/technician.json";
  CHECK(wrong(consumer, [](json& d) { d["certificate"] = "a.pem"; }, "", "Remove one of the two"));
  CHECK(wrong(consumer, [](json& d) { d.erase("password_file"); }, "", "belong together"));
  CHECK(wrong(consumer, [](json& d) { d.erase("consumer"); }, "/consumer", "missing"));
  CHECK(wrong(consumer, [](json& d) { d["consumer"] = "nobody"; }, "/consumer", "no evaluation belongs"));
  CHECK(wrong(consumer, [](json& d) { d["idle_limit_s"] = 601; }, "/idle_limit_s", "10 to 600"));
  CHECK(wrong(technician, [](json& d) { d.erase("certificate"); }, "", "Add 'certificate'"));
  CHECK(wrong(technician, [](json& d) { d["user"] = "x"; }, "/user", "only consumers"));
  CHECK(wrong(technician, [](json& d) { d["consumer"] = "consumer1"; }, "/consumer", "Remove it"));
  CHECK(wrong(technician, [](json& d) { d["id"] = "consumer1-login"; }, "/id", "the same id"));
  CHECK(wrong(
      "proxy.json", [](json& d) { d["local_server_name"] = "Box.local"; }, "/local_server_name", "small letters"));
  CHECK(wrong("proxy.json", [](json& d) { d["wan_peer_addresses"] = {"x"}; }, "/wan_peer_addresses/0", "host:port"));
  CHECK(wrong("proxy.json", [](json& d) { d["duration_limit_s"] = 172'801; }, "/duration_limit_s", "172800"));
  CHECK(wrong("time.json", [](json& d) { d["poll_s"] = 59; }, "/poll_s", "60 to 86400"));
  all["time2.json"] = all["time.json"];
  CHECK(has(load(all).found, "/profile", "time.json is the time profile"));
}

TEST_CASE("proxy channels: where the controllable system is, when, and how much") {
  const auto all = examples();
  const auto wrong = [&](const std::function<void(json&, json&)>& change, std::string_view pointer,
                         std::string_view part) {
    auto docs = all;
    change(docs["proxy.json"], docs["gateway.json"]);
    return has(load(docs).found, pointer, part);
  };
  auto docs = all;
  docs["proxy.json"].update({{"initiated_by", "gateway"},
                             {"cls_address", "controlbox.local:4712"},
                             {"volume_limit_octets", 1000},
                             {"daily_volume_limit_octets", 5000},
                             {"connections", 100},
                             {"schedule",
                              {{{"days", {"monday", "sunday"}}, {"from", "22:00"}, {"to", "06:00"}},
                               {{"days", {"friday"}}, {"from", "00:00"}, {"to", "00:00:30"}}}}});
  const auto loaded = load(docs);
  INFO(all_of(loaded.found));
  REQUIRE(loaded.set);
  const auto& p = loaded.set->proxies.at(0);
  CHECK(p.cls_address->is_local());
  CHECK((p.volume_limit == 1000 && p.daily_volume_limit == 5000));
  REQUIRE(p.schedule.windows.size() == 2);
  CHECK(p.schedule.windows[0] == schedule::window{std::bitset<7>{0b1000001}, 22h, 6h});
  CHECK(p.schedule.windows[1].to == 30s);
  docs["proxy.json"].erase("cls_address");
  docs["proxy.json"]["cls_service"] = "Control Box_1._ship._tcp.local";
  CHECK(load(docs).set->proxies.at(0).cls_service == "Control Box_1._ship._tcp.local");

  const auto unset = load(all).set->proxies.at(0);
  CHECK((unset.schedule.windows.empty() && !unset.volume_limit && !unset.daily_volume_limit));
  CHECK_FALSE(profile::endpoint{"localhost", 1}.is_local());
  CHECK(profile::endpoint{"Box.LOCAL", 1}.is_local());

  CHECK(wrong([](json& d, json&) { d["initiated_by"] = "gateway"; }, "", "Add 'cls_address' or 'cls_service'"));
  CHECK(wrong([](json& d, json&) { d["wan_peer_addresses"] = {"aemt.local:443"}; }, "/wan_peer_addresses/0",
              "host in the WAN"));
  CHECK(wrong([](json& d, json&) { d["schedule"] = json::array(); }, "/schedule", "no windows"));
  const auto window = [&](const json& change, std::string_view pointer, std::string_view part) {
    json one{{"days", {"monday"}}, {"from", "06:00"}, {"to", "22:00"}};
    one.update(change);
    return wrong([&](json& d, json&) { d["schedule"] = {one}; }, pointer, part);
  };
  CHECK(window({{"days", {"mon"}}}, "/schedule/0/days/0", "Write monday"));
  CHECK(window({{"days", json::array()}}, "/schedule/0/days", "empty list"));
  CHECK(window({{"from", "24:00"}}, "/schedule/0/from", "time of day"));
  CHECK(window({{"until", "x"}}, "/schedule/0/until", "unknown member"));
  CHECK(wrong([](json& d, json&) { d["volume_limit_octets"] = 0; }, "/volume_limit_octets", "1 to"));
  for (const auto* name : {"box.local", "._ship._tcp.local", "box._ship._udp.local", "box.ship._tcp.local",
                           "a.b._ship._tcp.local", "box._a_service_too_long._tcp.local"})
    CHECK(wrong([&](json& d, json&) { d["cls_service"] = name; }, "/cls_service", "_ship._tcp.local"));
  CHECK(wrong(
      [](json& d, json&) {
        d["cls_address"] = "box.local:1";
        d["cls_service"] = "box._ship._tcp.local";
      },
      "/cls_service", "Remove one of the two"));
  CHECK(wrong(
      [](json& d, json& g) {
        d["cls_address"] = "box.local:1";
        g["han"]["mdns"] = false;
      },
      "/cls_address", "'mdns'"));
  CHECK(wrong([](json&, json& g) { g["han"]["proxy_connections"] = 513; }, "/han/proxy_connections", "1 to 512"));
}

TEST_CASE("documents that are no documents") {
  const auto one = [](std::string text) { return profile::load({{"x.json", std::move(text)}}).found; };
  CHECK(has(one(""), "", "not JSON at octet"));
  CHECK(has(one("{"), "", "not JSON at octet"));
  CHECK(has(one(R"({"profile":"meter","profile":"wan"})"), "", "stands twice"));
  CHECK(has(one(std::string(40, '[') + std::string(40, ']')), "", "nested too deeply"));
  CHECK(has(one(std::string(profile::max_document + 1, ' ')), "", "longer than"));
  CHECK(has(one("{\"profile\":\"\xff\"}"), "", "not JSON"));
  CHECK(has(one("null"), "", "not an object"));
  CHECK(has(profile::load({}).found, "", "no gateway profile"));
  std::map<std::string, std::string> many;
  for (std::size_t i = 0; i <= profile::max_profiles; ++i) many["n" + std::to_string(i)] = "{}";
  CHECK(has(profile::load(many).found, "", "too many"));
  json heap = {{"profile", "meter"}, {"version", 1}};
  for (int i = 0; i < 500; ++i) heap["unknown" + std::to_string(i)] = i;
  CHECK(one(heap.dump()).size() <= profile::max_problems + 3);
}
