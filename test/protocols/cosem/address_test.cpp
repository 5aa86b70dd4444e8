// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "base/octets.hpp"
#include "protocols/cosem/exposure.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace smgw;
using namespace smgw::cosem;

namespace {

const std::string gateway = "ebsi0012345678.sm";
const std::string base = "/smgw/cosem/ldevs/ebsi0012345678.sm";
node kind(const std::string& path) { return parse_address(path, "/smgw").value().kind; }
errc refused(const std::string& path) {
  const auto a = parse_address(path, "/smgw");
  return a ? errc{} : a.error().code;
}
const object_id clock_object = object_id::parse("8-0000010000ff").value();
const object_id register_object = object_id::parse("3-0100010800ff").value();

connection_view view(std::vector<exposure_rule> rules) { return {gateway, "/smgw", gateway, std::move(rules)}; }
constexpr std::uint8_t everything = verb::get | verb::put | verb::post | verb::del;
int ask(const connection_view& v, http::method verb, std::string target,
        http::fields headers = {{"Host", "ebsi0012345678.sm"}}, std::string_view body = {}) {
  http::request r{verb, std::move(target), std::move(headers), {}};
  put(r.body, body);
  const auto a = admit(r, v);
  return a ? 200 : a.error();
}

}  // namespace

TEST_CASE("Every place of the tree is read and written as the same", "[REQ.Webservice.HttpServer.20]") {
  const std::pair<std::string, node> places[] = {
      {"/smgw/cosem", node::root},
      {"/smgw/cosem/ldevs", node::devices},
      {base, node::device},
      {base + "/objects", node::objects},
      {base + "/objects/3-0100010800ff", node::object},
      {base + "/objects/3-0100010800ff/attributes", node::attributes},
      {base + "/objects/3-0100010800ff/attributes/2", node::attribute},
      {base + "/objects/3-0100010800ff/attributes/-128", node::attribute},
      {base + "/objects/3-0100010800ff/methods", node::methods},
      {base + "/objects/3-0100010800ff/methods/1", node::method},
      {base + "/containers", node::containers},
      {base + "/containers/65535-0000620a01ff", node::container},
      {"/smgw/cosem/containers", node::top_containers},
      {"/smgw/cosem/containers/1-0000620a01ff", node::top_container},
  };
  for (const auto& [path, expected_kind] : places) {
    const auto a = parse_address(path, "/smgw");
    REQUIRE(a);
    CHECK(a->kind == expected_kind);
    CHECK(path_of(*a, "/smgw") == path);
  }
  CHECK(parse_address(base + "/objects/3-0100010800/attributes/2", "/smgw")->object == register_object);
  const auto binary = parse_address("/smgw/cosem/ldevs/%02AB", "/smgw");
  CHECK(binary->device ==
        "\x02"
        "AB");
  CHECK(path_of(*binary, "/smgw") == "/smgw/cosem/ldevs/%02AB");
  CHECK(parse_address("/cosem/ldevs", "")->kind == node::devices);
}

TEST_CASE("Places that are none, and parts out of their form") {
  for (const auto* path : {"/", "/smgw", "/smgw/", "/smgwx/cosem", "/smgw/cosems", "/smgw/cosem/other", "/other/cosem"})
    CHECK(refused(path) == errc::unsupported);
  CHECK(refused(base + "/other") == errc::unsupported);
  CHECK(refused(base + "/objects/3-0100010800ff/other") == errc::unsupported);
  CHECK(refused(base + "/objects/3-0100010800ff/attributes/2/x") == errc::unsupported);
  for (const auto* object :
       {"3", "-0100010800ff", "3-", "3-0100010800FF", "3-0100010800f", "3-0100010800ff0", "03-0100010800ff",
        "65536-0100010800ff", "-1-0100010800ff", "a-0100010800ff", "3-0100010800gg", "3_0100010800ff"})
    CHECK(refused(base + "/objects/" + object) == errc::malformed);
  for (const auto* index : {"128", "-129", "02", "-0", "+2", "x", "2a", "999999999999"})
    CHECK(refused(base + "/objects/3-0100010800ff/attributes/" + index) == errc::malformed);
  CHECK(refused("/smgw/cosem/ldevs/" + std::string(64, 'a')) == errc::malformed);
  CHECK(refused("/smgw/cosem/../cosem") == errc::malformed);
  CHECK(refused("/smgw/cosem/" + std::string(4000, 'a')) == errc::exhausted);
}

TEST_CASE("Selection: lists with their slash, ranges, selective access") {
  const auto of = [](const std::string& rest) {
    return parse_address(base + "/objects" + rest, "/smgw").value().query;
  };
  CHECK_FALSE(of("").depth);
  CHECK(of("/").depth == 1u);
  CHECK(of("/?q.depth=0").depth == 0u);
  CHECK(of("?q.fromidx=x1F&q.count=").from_index == 31);
  CHECK_FALSE(of("?q.count=").count);
  CHECK(of("?q.count=5&q.count=6").count == 5u);
  CHECK(of("?q.fromtime=2026-03-01T00:00:00Z").from);
  CHECK(of("?sa.fromidx=1&sa.filtercolumn=%7Blong:3%7D").access[1].second == "{long:3}");
  for (const auto* query : {"?q.fromidx=0", "?q.count=-1", "?q.depth=", "?q.other=1", "?q.fromtime=now", "?q.totime=1",
                            "?sa.other=1", "?q.count=99999999999"})
    CHECK(refused(base + "/objects" + query) == errc::malformed);
}

TEST_CASE("Nothing is shown unless a row shows it", "[REQ.Webservice.HttpServer.91]") {
  const auto target = base + "/objects/8-0000010000ff/attributes/2";
  CHECK(ask(view({}), http::method::get, target) == 404);
  const auto clock_only = view({{.object = clock_object, .verbs = verb::get | verb::put}});
  CHECK(ask(clock_only, http::method::get, target) == 200);
  CHECK(ask(clock_only, http::method::put, target) == 200);
  CHECK(ask(clock_only, http::method::get, base + "/objects/3-0100010800ff") == 404);
  CHECK(ask(clock_only, http::method::get, base + "/objects") == 404);
  CHECK(ask(clock_only, http::method::del, base + "/objects/8-0000010000ff") == 405);
  CHECK(ask(clock_only, http::method::post, base + "/objects/8-0000010000ff/methods/1") == 405);
  const auto one = view({{.device = gateway, .object = clock_object, .attribute = 2, .verbs = verb::get | verb::get}});
  CHECK(ask(one, http::method::get, target) == 200);
  CHECK(ask(one, http::method::get, base + "/objects/8-0000010000ff/attributes/3") == 404);
  CHECK(ask(one, http::method::get, base + "/objects/8-0000010000ff") == 404);
  CHECK(ask(one, http::method::get, "/smgw/cosem/ldevs/other.sm/objects/8-0000010000ff/attributes/2") == 404);
  const auto action = view({{.object = clock_object, .method = 1, .verbs = verb::post | verb::post}});
  CHECK(ask(action, http::method::post, base + "/objects/8-0000010000ff/methods/1") == 200);
  CHECK(ask(action, http::method::post, base + "/objects/8-0000010000ff/methods/2") == 404);
}

TEST_CASE("The scheme's own table of methods", "[REQ.Webservice.HttpServer.91]") {
  const auto all = view({{.verbs = everything}});
  CHECK(ask(all, http::method::put, base + "/objects") == 405);
  CHECK(ask(all, http::method::post, base + "/objects") == 405);
  CHECK(ask(all, http::method::get, base + "/objects/8-0000010000ff/methods/1") == 405);
  CHECK(ask(all, http::method::del, base + "/objects/8-0000010000ff/attributes/2") == 405);
  CHECK(ask(all, http::method::del, base) == 405);  // the management device
  CHECK(ask(all, http::method::del, "/smgw/cosem/ldevs/meter.sm") == 200);
  CHECK(ask(all, http::method::head, base) == 501);
  CHECK(kind(base) == node::device);
}

TEST_CASE("Headers: host, type of a body, correlation") {
  const auto all = view({{.verbs = everything}});
  CHECK(ask(all, http::method::get, base, {{"Host", "EBSI0012345678.sm"}}) == 200);
  CHECK(ask(all, http::method::get, base, {{"Host", "other.sm"}}) == 403);
  CHECK(ask(all, http::method::get, base, {}) == 400);
  CHECK(ask(all, http::method::put, base, {{"Host", gateway}}, "x") == 400);
  CHECK(ask(all, http::method::put, base, {{"Host", gateway}, {"Content-Type", "a/b"}}, "x") == 200);
  CHECK(ask(all, http::method::get, "/smgw/cosem/" + std::string(4000, 'a')) == 414);
  CHECK(ask(all, http::method::get, base + "?") == 400);
  http::request r{http::method::get, base, {{"Host", gateway}}, {}};
  r.headers.add("X-CID", "uuid:7d1c0f2e-9b43-4c55-8f0a-2b6f1f7c9a10");
  r.headers.add("x-ContactURI", "https://hes.example/poc");
  const auto a = admit(r, all);
  REQUIRE((a && a->async));
  CHECK(a->async->id == "uuid:7d1c0f2e-9b43-4c55-8f0a-2b6f1f7c9a10");
  CHECK(a->async->contact == "https://hes.example/poc");
  for (const auto* id : {"", "7d1c0f2e-9b43-4c55-8f0a-2b6f1f7c9a10", "uuid:7d1c0f2e-9b43-1c55-8f0a-2b6f1f7c9a10",
                         "uuid:7d1c0f2e-9b43-4c55-cf0a-2b6f1f7c9a10", "uuid:7d1c0f2e9b434c558f0a2b6f1f7c9a10",
                         "uuid:7d1c0f2e-9b43-4c55-8f0a-2b6f1f7c9a1g"}) {
    r.headers.set("x-CID", id);
    CHECK(admit(r, all).error() == 400);
    CHECK(parse_correlation_id(id).error().code == errc::malformed);
  }
}
