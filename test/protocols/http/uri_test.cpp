// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "protocols/http/uri.hpp"

#include "protocols/http/filter.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace smgw;
using namespace smgw::http;
using namespace std::chrono_literals;

namespace {

errc refused(std::string_view text, path_octets allowed = path_octets::text) {
  const auto t = parse_target(text, allowed);
  return t ? errc{} : t.error().code;
}
constexpr std::uint8_t all_keys = filter_key::fromtime | filter_key::totime | filter_key::type | filter_key::count |
                                  filter_key::obis | filter_key::level | filter_key::signature;
expected<filter> filter_of(std::string_view query, std::uint8_t taken = all_keys) {
  return parse_filter(*parse_target("/x?" + std::string{query}), taken);
}
timestamp at(int hour) { return timestamp{std::chrono::sys_days{std::chrono::year{2026} / 3 / 1}} + hour * 1h; }

}  // namespace

TEST_CASE("A target falls into segments and parameters", "[REQ.HTTP.QueryParameter.10]") {
  const auto t = parse_target("/smgw/con/v1/exp/Values/con01?q.fromtime=2026-03-01T00:00:00Z&q.obis=1-0:1.8.0&a=");
  REQUIRE(t);
  CHECK(t->segments == std::vector<std::string>{"smgw", "con", "v1", "exp", "Values", "con01"});
  CHECK_FALSE(t->list);
  REQUIRE(t->query.size() == 3);
  CHECK(*t->find("q.obis") == "1-0:1.8.0");
  CHECK(t->find("a")->empty());
  CHECK(t->find("b") == nullptr);
  CHECK(parse_target("/smgw/")->list);
  CHECK(parse_target("/")->segments.empty());
  CHECK(parse_target("/a?x=1&x=2")->find("x")[0] == "1");
  CHECK(parse_target("/a?x=a%20b+c")->query[0].value == "a b+c");
  CHECK(parse_target("/caf%C3%A9")->segments[0] == "caf\xC3\xA9");
}

TEST_CASE("Tricks with paths are refused") {
  for (const auto* text : {"",       "a",      "//a",   "/a//b",    "/./a",  "/../a",  "/a/..", "/%2e%2E/a", "/.%2e",
                           "/a%2fb", "/a%5cb", "/a%00", "/a%0d%0a", "/a%7f", "/%252e", "/a%",   "/a%4",      "/a%zz",
                           "/a%+1",  "/a b",   "/a#b",  "/a\\b",    "/a\"b", "/<a>",   "/{a}",  "/a\xC3"})
    CHECK(refused(text) == errc::malformed);
  CHECK(refused("/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a") == errc{});
  CHECK(refused("/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a") == errc::exhausted);
  CHECK(parse_target("/%02AB", path_octets::binary)->segments[0] ==
        "\x02"
        "AB");
  CHECK(refused("/%02AB") == errc::malformed);
  CHECK(refused("/%00", path_octets::binary) == errc::malformed);
  CHECK(refused("/%2e%2e", path_octets::binary) == errc::malformed);
}

TEST_CASE("The query follows its grammar", "[REQ.HTTP.QueryParameter.10]") {
  for (const auto* text : {"/a?", "/a?x", "/a?=1", "/a?x=1&", "/a?&x=1", "/a?x=1=2", "/a?x= ", "/a?x=%0a", "/a?x={1}",
                           "/a?x=[1]", "/a?x=1#y", "/a?x=%2", "/a?x=\"1\""})
    CHECK(refused(text) == errc::malformed);
  CHECK(refused("/a?x=/?:@!$'()*+,;-._~") == errc{});
  CHECK(refused("/a?" + std::string(50, 'n') + "=") == errc{});
  CHECK(refused("/a?" + std::string(51, 'n') + "=") == errc::malformed);
  CHECK(refused("/a?n=" + std::string(255, 'v')) == errc{});
  CHECK(refused("/a?n=" + std::string(256, 'v')) == errc::malformed);
  std::string many = "/a?x=1";
  for (int i = 1; i < 32; ++i) many += "&x=1";
  CHECK(refused(many) == errc{});
  CHECK(refused(many + "&x=1") == errc::exhausted);
}

TEST_CASE("A segment is written so that it is read as the same") {
  for (const std::string s : {"1emh0010482201.sm", "a b/c%", "\x02\xff", "{}", "a?b&c=d"}) {
    const auto t = parse_target("/" + encode_segment(s), path_octets::binary);
    REQUIRE(t);
    CHECK(t->segments == std::vector{s});
  }
  CHECK(encode_segment("\x02"
                       "AB") == "%02AB");
  CHECK(encode_segment("a/b") == "a%2Fb");
}

TEST_CASE("Filters: each parameter, its default and its edge", "[REQ.Webservice.HttpServer.210]") {
  const auto f = filter_of(
      "q.fromtime=2026-03-01T01:00:00Z&q.totime=2026-03-01T04:00:00%2B01:00&q.type=login&q.count=7&"
      "q.obis=1-0:1.8.0&q.level=W&q.signed=CMS_ECDSA_SHA256_Detached");
  REQUIRE(f);
  CHECK(*f->type == "login");
  CHECK(f->count == 7);
  CHECK(f->register_name->text() == "1-0:1.8.0*255");
  CHECK(f->level == 'W');
  CHECK(f->sign);
  const auto w = f->within(at(0), at(24));
  CHECK_FALSE(w.contains(at(1) - 1ms));
  CHECK(w.contains(at(1)));  // inclusive
  CHECK(w.contains(at(3) - 1ms));
  CHECK_FALSE(w.contains(at(3)));  // exclusive
  const auto none = parse_filter(*parse_target("/x"), all_keys);
  REQUIRE(none);
  CHECK((none->count == 0 && !none->type && !none->register_name && !none->level && !none->sign));
  CHECK(none->within(at(2), at(5)).contains(at(2)));
  CHECK_FALSE(none->within(at(2), at(5)).contains(at(5)));
  // Before the commissioning and in the future: as if they were missing.
  CHECK(filter_of("q.fromtime=1990-01-01")->within(at(2), at(5)).from == at(2));
  CHECK(filter_of("q.totime=2090-01-01")->within(at(2), at(5)).to == at(5));
  CHECK(filter_of("q.fromtime=2026-03-01")->from == at(0));
  CHECK(filter_of("q.obis=1-0:1.8.0*1")->register_name->code[5] == 1);
  CHECK(filter_of("q.count=1&q.count=2")->count == 1);
}

TEST_CASE("Filters: refusals name the parameter", "[REQ.Webservice.HttpServer.210]") {
  for (const auto* query : {"q.fromtime=yesterday", "q.fromtime=2026-13-01", "q.totime=2026-03-01T00:00:00", "q.type=",
                            "q.count=-1", "q.count=1x", "q.count=", "q.count=99999999999", "q.obis=0100010800ff",
                            "q.obis=1.8.0", "q.level=D", "q.level=", "q.signed=MD5", "q.other=1"}) {
    const auto f = filter_of(query);
    REQUIRE_FALSE(f);
    CHECK(f.error().code == errc::malformed);
    CHECK(f.error().what.contains(std::string_view{query}.substr(0, std::string_view{query}.find('='))));
  }
  CHECK_FALSE(filter_of("q.level=W", filter_key::count | filter_key::type));
}
