// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "actors/wan/management.hpp"

#include "domain/profile/profile_set.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace smgw;
using namespace smgw::management;

namespace {

constexpr auto host = "esmg0000000001.sm";

struct gateway {
  configuration told;
  profile::profile_set set;

  gateway() {
    told.profiles["gateway.json"] =
        R"({"profile":"gateway","version":1,"device_id":"ESMG0000000001","data_directory":"/d","key_store":"soft:k",)"
        R"("lmn_ports":[{"id":"p","protocol":"sml","tcp":"127.0.0.1:7000"}]})";
    told.profiles["m.json"] = meter("p");
    told.profiles["gwa.json"] =
        R"({"profile":"wan","version":1,"id":"gwa","role":"administrator","peer":"gwa.test:443",)"
        R"("tls_certificate":"gwa.pem","signer_certificate":"sig.pem"})";
    told.certificates["gwa.pem"] = {1, 2, 3};
    set = *profile::load(told.profiles).set;
  }
  static std::string meter(const std::string& port) {
    return R"({"profile":"meter","version":1,"device_id":"1SMG0000000001","port":")" + port +
           R"(","registers":[{"obis":"1-0:1.8.0","unit":"Wh"}]})";
  }
  [[nodiscard]] expected<configuration> put(const std::string& path, std::string_view body) const {
    const auto where = cosem::parse_address(path, "");
    REQUIRE(where);
    const auto values = values_of(*where, body);
    if (!values) return std::unexpected(values.error());
    return change(told, set, *values);
  }
  [[nodiscard]] expected<std::string> get(const std::string& path) const {
    const auto where = cosem::parse_address(path, "");
    REQUIRE(where);
    return show(tree(told, set, {.firmware = "0.1.0"}), *where);
  }
  [[nodiscard]] expected<configuration> del(const std::string& path) const {
    const auto where = cosem::parse_address(path, "");
    REQUIRE(where);
    return erase(told, set, *where);
  }
};

std::string attribute(std::string_view json) {
  return cosem::write_attribute({2, cosem::data{cosem::data_type::utf8_string, std::string(json)}}).value();
}

}  // namespace

TEST_CASE("every profile and certificate stands in the tree, under the device it is about") {
  const gateway g;
  CHECK(g.get("/cosem/ldevs/1smg0000000001.sm/objects/1-01005e318002/attributes/2").value().contains("1-0:1.8.0"));
  CHECK(g.get("/cosem/ldevs/gwa.sm/objects/1-01005e318003").value().contains("gwa.test:443"));
  CHECK(g.get("/cosem/ldevs/gwa.pem/objects/1-01005e318007/attributes/2").value().contains("010203"));
  CHECK(g.get(std::string("/cosem/ldevs/") + host + "/objects/1-0100000200ff/attributes/2").value().contains("0.1.0"));
  CHECK(g.get("/cosem/ldevs?q.fromidx=2&q.count=1&q.depth=1").value().contains("count=\"1\""));
  for (const auto* nowhere : {"/cosem/ldevs/gwa.sm/objects/1-01005e318002", "/cosem/ldevs/x.sm",
                              "/cosem/ldevs/gwa.sm/objects/1-01005e318003/attributes/9",
                              "/cosem/ldevs/gwa.sm/objects/1-01005e318003/methods", "/cosem/containers"})
    CHECK(g.get(nowhere).error().code == errc::unsupported);
}

TEST_CASE("a profile is changed where it stands, a new one gets a name of its own; the revision grows") {
  const gateway g;
  const auto changed =
      g.put("/cosem/ldevs/1smg0000000001.sm/objects/1-01005e318002/attributes/2", attribute(gateway::meter("q")));
  REQUIRE(changed);
  CHECK(changed->revision == 1);
  CHECK(changed->profiles.at("m.json") == gateway::meter("q"));
  const auto fresh = g.put(std::string("/cosem/ldevs/") + host + "/objects/1-01005e318005/attributes/2",
                           attribute(R"({"profile":"log","version":1})"));
  REQUIRE(fresh);
  CHECK(fresh->profiles.contains("administrator/log.json"));
}

TEST_CASE("a profile that is not about its address, or no profile at all, is refused") {
  const gateway g;
  const auto refusal = [&](const std::string& path, std::string_view body) {
    const auto got = g.put(path, body);
    REQUIRE_FALSE(got);
    return got.error().code;
  };
  const std::string meters = "/cosem/ldevs/1smg0000000002.sm/objects/1-01005e318002/attributes/2";
  CHECK(refusal(meters, attribute(gateway::meter("p"))) == errc::malformed);  // another meter's
  CHECK(refusal(meters, attribute(R"({"profile":"log"})")) == errc::malformed);
  CHECK(refusal(meters, attribute("{")) == errc::malformed);
  CHECK(refusal(meters, "<attribute id=\"3\"><boolean>1</boolean></attribute>") == errc::malformed);
  CHECK(refusal(meters, "no XML") == errc::malformed);
  const std::string own = std::string("/cosem/ldevs/") + host + "/objects/";
  CHECK(refusal(own + "1-01005e318008/attributes/2", attribute("{}")) == errc::denied);  // the gateway's own profile
  CHECK(refusal(own + "8-0000010000ff/attributes/2", attribute("{}")) == errc::denied);  // the clock
  CHECK(refusal(own + "1-01005e318002/attributes/2", attribute("{}")) == errc::unsupported);
  CHECK(refusal("/cosem/ldevs/x.sm/objects/1-01005e318005/attributes/2", attribute("{}")) == errc::unsupported);
  CHECK(refusal("/cosem/ldevs/evil/objects/1-01005e318007/attributes/2",
                "<attribute id=\"2\"><octet-string>00</octet-string></attribute>") == errc::malformed);
}

TEST_CASE("null removes inside a container; what is not there cannot be removed") {
  const gateway g;
  const auto body = cosem::write_container(
      cosem::object_id{65535, {{0, 0, 98, 10, 1, 255}}},
      std::vector<cosem::device_value>{{"1smg0000000001.sm", {{{1, name_of(object::meter)}, 0, {{2, {}}}}}}});
  REQUIRE(body);
  const auto changed = g.put("/cosem/containers/65535-0000620a01ff", *body);
  REQUIRE(changed);
  CHECK_FALSE(changed->profiles.contains("m.json"));
  CHECK(g.del("/cosem/ldevs/1smg0000000001.sm").value().profiles.size() == 2);
  CHECK(g.del("/cosem/ldevs/gwa.pem").value().certificates.empty());
  CHECK(g.del("/cosem/ldevs/nobody.sm").error().code == errc::unsupported);
  CHECK(g.del(std::string("/cosem/ldevs/") + host).error().code == errc::denied);
  CHECK(g.del(std::string("/cosem/ldevs/") + host + "/objects/8-0000010000ff").error().code == errc::denied);
}

TEST_CASE("methods are where the table says, and nowhere else") {
  const auto id = *device_id::parse("ESMG0000000001");
  const auto ask = [&](const std::string& path) { return action_of(*cosem::parse_address(path, ""), id); };
  const std::string own = std::string("/cosem/ldevs/") + host + "/objects/";
  CHECK(ask(own + "1-01005e31800a/methods/1") == action::self_test);
  CHECK(ask(own + "18-00002c0000ff/methods/4") == action::activate_firmware);
  CHECK(ask(own + "1-01005e31800c/methods/2") == action::decommission);
  CHECK(ask("/cosem/ldevs/wallbox.sm/objects/1-01005e318004/methods/1") == action::open_proxy);
  CHECK(ask("/cosem/ldevs/wallbox.sm/objects/1-01005e318004/methods/2").error().code == errc::unsupported);
  CHECK(ask("/cosem/ldevs/wallbox.pem/objects/1-01005e318004/methods/1").error().code == errc::unsupported);
  CHECK(ask(own + "1-01005e31800a/methods/2").error().code == errc::unsupported);
  CHECK(ask("/cosem/ldevs/gwa.sm/objects/1-01005e31800a/methods/1").error().code == errc::unsupported);
}
