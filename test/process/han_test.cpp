// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

// Consumers, technicians and strangers at the home network, with curl and openssl as they are.
#include "base/time_text.hpp"
#include "neighbours.hpp"

#include <catch2/catch_test_macros.hpp>

#include <algorithm>

using namespace smgw;
using namespace smgw::test;
using nlohmann::json;

namespace {

const std::string readings1 = "/smgw/con/v1/exp/Readings/taf7-1";

}  // namespace

TEST_CASE("a consumer sees the gateway, the contracts, the values and the log, and nothing of the neighbour's",
          "[process][han][REQ.BenutzerAuth.Allgemein.10][REQ.BenutzerAuth.Allgemein.20]"
          "[REQ.Webservice.HttpServer.203][REQ.Webservice.HttpServer.220]") {
  neighbours n;
  auto& home = n.home;

  const auto strange = home.curl({}, "/smgw/");
  CHECK(strange.status == 401);
  CHECK(strange.headers.contains("Digest realm=\"esmg0000000001\""));
  CHECK(strange.headers.contains("algorithm=\"SHA-256\""));
  CHECK_FALSE(strange.headers.contains("MD5"));

  const auto root = home.get("consumer1", "/smgw/");
  CHECK(root.status == 200);
  CHECK(root.json() == json{"/smgw/con/v1/"});
  const auto contracts = home.get("consumer1", "/smgw/con/v1/rts/Contract/").json();
  CHECK(contracts == json{"/smgw/con/v1/rts/Contract/taf1-1", "/smgw/con/v1/rts/Contract/taf7-1"});
  const auto contract = home.get("consumer1", "/smgw/con/v1/rts/Contract/taf7-1").json();
  CHECK(contract["taf"] == 7);
  CHECK(contract["inputs"][0]["meter"] == "1SMG0000000001");

  const auto gateway = home.get("consumer1", "/smgw/con/v1/rts/Gateway/self").json();
  CHECK(gateway["id"] == "ESMG0000000001");
  CHECK(gateway["consumer"] == "consumer1");
  REQUIRE(gateway["meters"].size() == 1);
  CHECK(gateway["meters"][0]["id"] == "1SMG0000000001");
  CHECK(gateway["meters"][0]["ok"] == true);

  const auto found = home.get("consumer1", readings1);
  REQUIRE(found.status == 200);
  CHECK(found.headers.contains("Content-Type: application/json"));
  const auto list = found.json()["lists"][0];
  CHECK(list["meter"] == "1SMG0000000001");
  CHECK(list["unit"] == "Wh");
  REQUIRE_FALSE(list["entries"].empty());
  CHECK(std::ranges::any_of(list["entries"], [](const json& e) { return e.contains("value"); }));

  // of the neighbour, of another role, of nobody
  for (const auto* path :
       {"/smgw/con/v1/exp/Readings/taf7-2", "/smgw/con/v1/rts/Contract/taf7-2", "/smgw/con/v1/exp/Registers/taf1-2",
        "/smgw/con/v1/exp/Readings/1smg0000000002", "/smgw/con/v1/exp/Log/consumer2", "/smgw/con/v1/rts/Nothing/1"}) {
    INFO(path);
    CHECK(home.get("consumer1", path).status == 404);
  }
  CHECK(home.get("consumer1", "/smgw/srv/v1/exp/Log/self").status == 403);
  CHECK(home.get("consumer2", readings1).status == 404);
  CHECK(home.get("consumer2", "/smgw/con/v1/exp/Readings/taf7-2").status == 200);

  const auto log = home.get("consumer1", "/smgw/con/v1/exp/Log/self?q.type=3007").json();
  REQUIRE_FALSE(log["records"].empty());
  CHECK(log["records"][0]["text"].get<std::string>().contains("consumer1 logged in from 127.0.0.1"));
  CHECK_FALSE(log.dump().contains("consumer2"));

  // the same by certificate, and the page
  CHECK(home.as_party("card1", readings1).status == 200);
  const auto page = home.get("consumer1", "/", {"--compressed"});
  CHECK(page.status == 200);
  CHECK(page.headers.contains("Content-Security-Policy"));
  CHECK(page.body.contains("<html"));
  stop(n.gateway);
}

TEST_CASE("technicians and controllable systems see no values",
          "[process][han][REQ.Webservice.HttpServer.201][REQ.Webservice.HttpServer.202]") {
  neighbours n;
  auto& home = n.home;
  CHECK(home.as_party("technician", "/smgw/").json() == json{"/smgw/srv/v1/"});
  const auto gateway = home.as_party("technician", "/smgw/srv/v1/rts/Gateway/self");
  CHECK(gateway.status == 200);
  CHECK_FALSE(gateway.body.contains("1SMG"));
  const auto log = home.as_party("technician", "/smgw/srv/v1/exp/Log/self?q.count=20");
  CHECK(log.status == 200);
  CHECK(log.json()["records"].size() > 1);
  CHECK(home.as_party("technician", "/smgw/srv/v1/fas/SelfTest", {"-d", ""}).status == 202);
  CHECK(home.as_party("technician", "/smgw/srv/v1/fas/SelfTest", {"-d", ""}).status == 403);
  REQUIRE(eventually(
      [&] { return home.as_party("technician", "/smgw/srv/v1/rts/Gateway/self").body.contains("\"passed\":true"); }));
  for (const auto* id : {"technician", "box"}) {
    const std::string tree = std::string{id} == "box" ? "cls" : "srv";
    for (const std::string& path :
         {readings1, "/smgw/" + tree + "/v1/exp/Readings/taf7-1", "/smgw/" + tree + "/v1/exp/Live/self",
          "/smgw/" + tree + "/v1/rts/Contract/taf7-1", std::string{"/index.html"}}) {
      INFO(id << " " << path);
      const auto refused = home.as_party(id, path);
      CHECK((refused.status == 403 || refused.status == 404));
    }
  }
  CHECK(home.as_party("box", "/smgw/cls/v1/exp/Log/self").status == 404);
  stop(n.gateway);
}

TEST_CASE("what is exported can be verified with openssl", "[process][han]") {
  neighbours n;
  auto& home = n.home;
  const auto folder = n.houses.configuration();
  const auto anchor = n.houses.world().pki() / "root.pem";
  const auto chain = n.houses.world().pki() / "sub-ca.pem";
  const auto verify = [&](const std::vector<std::string>& more) {
    std::vector<std::string> c{"openssl", "cms",     "-verify", "-binary",   "-inform", "DER", "-purpose",
                               "any",     "-CAfile", anchor,    "-certfile", chain,     "-in", folder / "export.cms"};
    c.insert(c.end(), more.begin(), more.end());
    return run_program(c);
  };
  REQUIRE(home.get("consumer1", readings1, {"-H", "Accept: application/cms+json", "-o", folder / "answer"}).status ==
          0);
  auto answer = run_program({"cat", folder / "answer"}).output;
  REQUIRE(answer.contains("application/cms+json; encapsulatingContent=\"signedData\""));
  REQUIRE(sim::write_file(folder / "export.cms", answer.substr(answer.rfind("\r\n\r\n") + 4)));
  const auto opened = verify({});
  CHECK(opened.code == 0);
  CHECK(json::parse(opened.output, nullptr, false)["contract"] == "taf7-1");

  const auto csv = home.get("consumer1", readings1, {"-H", "Accept: text/csv"});
  CHECK(csv.headers.contains("text/csv"));
  CHECK(csv.body.starts_with(
      "meter,obis,unit,target,captured,value,status,signature\r\n1SMG0000000001,1-0:1.8.0*255,Wh,"));

  const auto detached = home.get("consumer1", "/smgw/con/v1/exp/Log/self?q.signed=CMS_ECDSA_SHA256_Detached").json();
  REQUIRE(detached.contains("signature"));
  for (const auto& [member, file] : {std::pair{"content", "content"}, std::pair{"signature", "export.cms"}}) {
    REQUIRE(sim::write_file(folder / "base64", detached[member].get<std::string>() + "\n"));
    REQUIRE(run_program({"openssl", "base64", "-d", "-A", "-in", folder / "base64", "-out", folder / file}).code == 0);
  }
  CHECK(verify({"-content", folder / "content", "-out", "/dev/null"}).code == 0);
  REQUIRE(sim::write_file(folder / "content", "{\"records\":[]}"));
  CHECK(verify({"-content", folder / "content", "-out", "/dev/null"}).code != 0);
  stop(n.gateway);
}

TEST_CASE("guessing a password locks one user at one place and disturbs nobody else",
          "[process][han][REQ.BenutzerAuth.Allgemein.10]") {
  neighbours n;
  auto& home = n.home;
  int refused = 0, locked = 0;
  for (int i = 0; i < 8; ++i) {
    const auto f = home.curl({"--digest", "-u", "consumer1:guess" + std::to_string(i)}, "/smgw/");
    refused += f.status == 401;
    locked += f.status == 429;
  }
  CHECK(refused == 5);
  CHECK(locked == 3);
  const auto right = home.get("consumer1", "/smgw/");
  CHECK(right.status == 429);
  CHECK(right.headers.contains("Retry-After"));
  CHECK(home.get("consumer2", "/smgw/").status == 200);
  CHECK(home.as_party("card1", "/smgw/").status == 200);
  CHECK(n.gateway.wait(0ms) == std::nullopt);
  stop(n.gateway);
}

TEST_CASE("MD5 only where the profile allows it", "[process][han][REQ.BenutzerAuth.Allgemein.30]") {
  neighbours n{{.md5 = true}};
  const auto strange = n.home.curl({}, "/smgw/");
  CHECK(strange.headers.contains("algorithm=\"SHA-256\""));
  CHECK(strange.headers.contains("algorithm=\"MD5\""));
  CHECK(n.home.get("consumer1", "/smgw/").status == 200);
  stop(n.gateway);
}

TEST_CASE("the description lists exactly what there is", "[process][han]") {
  neighbours n;
  const auto api = n.home.get("consumer1", "/smgw/openapi.json").json();
  CHECK(api["openapi"] == "3.1.0");
  REQUIRE(api["paths"].size() > 8);
  for (const auto& [path, item] : api["paths"].items()) {
    auto concrete = path;
    if (const auto at = concrete.find("{id}"); at != concrete.npos) {
      // TAF 7 has no registers.
      const bool contracts = path.contains("Contract") || path.contains("Readings");
      concrete.replace(at, 4, contracts ? "taf7-1" : path.contains("Registers") ? "taf1-1" : "self");
    }
    if (path.contains("Live")) continue;  // a stream
    INFO(concrete);
    const bool action = item.contains("post");
    const auto f =
        n.home.get("consumer1", concrete, action ? std::vector<std::string>{"-d", ""} : std::vector<std::string>{});
    CHECK(f.status == (action ? 202 : 200));
    CHECK(n.home.get("consumer1", concrete, {"-X", "DELETE"}).status == 405);
  }
  stop(n.gateway);
}

TEST_CASE("live values arrive as events", "[process][han]") {
  neighbours n;
  const auto f = n.home.get("consumer1", "/smgw/con/v1/exp/Live/self",
                            {"-N", "--max-time", "5", "-H", "Accept: text/event-stream"});
  CHECK(f.status == 200);
  CHECK(f.headers.contains("text/event-stream"));
  std::size_t events = 0;
  for (std::size_t at = 0; (at = f.body.find("event: reading\ndata: {\"meter\":\"1SMG0000000001\"", at)) != f.body.npos;
       ++at)
    ++events;
  INFO(f.body);
  CHECK(events >= 3);
  CHECK(events <= 8);
  CHECK_FALSE(f.body.contains("1SMG0000000002"));
  REQUIRE(eventually([&] { return n.houses.number("home", "streams") == 0; }, 10s));
  stop(n.gateway);
}
