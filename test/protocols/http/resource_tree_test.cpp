// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "protocols/http/resource_tree.hpp"

#include "base/octets.hpp"
#include "protocols/http/body_syntax.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace smgw;
using namespace smgw::http;

namespace {

constexpr std::uint8_t bit(auto v) { return static_cast<std::uint8_t>(v); }
constexpr std::uint8_t all_roles = bit(role::technician) | bit(role::cls) | bit(role::consumer);
constexpr std::uint8_t change =
    bit(operation::read) | bit(operation::update) | bit(operation::create) | bit(operation::remove);

const resource_tree tree{{
    {.where = branch::rts, .name = "Profile", .roles = bit(role::consumer), .operations = change},
    {.where = branch::rts, .name = "State", .roles = all_roles, .operations = bit(operation::read)},
    {.where = branch::fas, .name = "SelfTest", .roles = bit(role::technician), .operations = bit(operation::perform)},
    {.where = branch::exp,
     .name = "Values",
     .roles = bit(role::consumer),
     .operations = bit(operation::hand_out),
     .filters = filter_key::fromtime | filter_key::totime | filter_key::count,
     .offers = {body_kind::json, body_kind::cms_json}},
    {.where = branch::exp, .name = "Hidden", .roles = all_roles, .operations = 0},
    {.where = branch::rts,
     .name = "Letter",
     .roles = bit(role::cls),
     .operations = bit(operation::create),
     .takes = {body_kind::xml, body_kind::cms_xml}},
}};

std::expected<resource_call, response> ask(method verb, std::string target, role who = role::consumer,
                                           std::string_view body = {}, fields headers = {}) {
  request r{verb, std::move(target), std::move(headers), {}};
  put(r.body, body);
  return tree.route(r, who);
}
int status(const std::expected<resource_call, response>& r) { return r ? 0 : r.error().status; }
std::string text(const std::expected<resource_call, response>& r) {
  return r ? std::string{} : std::string{as_text(r.error().body)};
}
response done(const std::expected<resource_call, response>& call, std::string_view body = {}, bool later = false) {
  resource_result result;
  put(result.body, body);
  result.later = later;
  return answer(call.value(), std::move(result));
}

}  // namespace

TEST_CASE("Each method does its work",
          "[REQ.Webservice.HttpServer.110][REQ.Webservice.HttpServer.120]"
          "[REQ.Webservice.HttpServer.130][REQ.Webservice.HttpServer.90]") {
  const auto read = ask(method::get, "/smgw/con/v1/rts/Profile/p1");
  REQUIRE(read);
  CHECK((read->what == operation::read && read->name == "Profile" && read->id == "p1" && !read->body));
  const auto content = done(read, "{}");
  CHECK((content.status == 200 && as_text(content.body) == "{}"));
  CHECK(content.headers.get("Content-Type") == "application/json");
  const auto update = ask(method::put, "/smgw/con/v1/rts/Profile/p1", role::consumer, "{}");
  REQUIRE(update);
  CHECK((update->what == operation::update && update->id == "p1" && update->body == body_kind::json));
  CHECK(done(update).status == 204);
  CHECK(done(update).headers.empty());
  CHECK(done(update, "{}").status == 200);
  const auto removal = ask(method::del, "/smgw/con/v1/rts/Profile/p1");
  REQUIRE(removal);
  CHECK((removal->what == operation::remove && removal->id == "p1"));
  CHECK(done(removal).status == 204);
}

TEST_CASE("POST: the list creates, the entity processes",
          "[REQ.Webservice.HttpServer.140][REQ.Webservice.HttpServer.150][REQ.Webservice.HttpServer.90]") {
  const auto create = ask(method::post, "/smgw/con/v1/rts/Profile/", role::consumer, "{\"id\":1}");
  REQUIRE(create);
  CHECK((create->what == operation::create && create->id.empty()));
  CHECK(done(create).status == 201);
  CHECK(status(ask(method::post, "/smgw/con/v1/rts/Profile", role::consumer, "{}")) == 404);
  CHECK(status(ask(method::post, "/smgw/con/v1/rts/Profile/p1", role::consumer, "{}")) == 405);
  const auto perform = ask(method::post, "/smgw/srv/v1/fas/SelfTest", role::technician);
  REQUIRE(perform);
  CHECK((perform->what == operation::perform && perform->name == "SelfTest"));
  CHECK(done(perform).status == 204);
  CHECK(done(perform, "{}").status == 200);
  CHECK(done(perform, {}, true).status == 202);
  CHECK(status(ask(method::post, "/smgw/srv/v1/fas/SelfTest/", role::technician)) == 404);
  CHECK(status(ask(method::get, "/smgw/srv/v1/fas/SelfTest", role::technician)) == 405);
}

TEST_CASE("Each role has its own tree and no other",
          "[REQ.Webservice.HttpServer.201][REQ.Webservice.HttpServer.202][REQ.Webservice.HttpServer.203]") {
  for (const auto who : {role::technician, role::cls, role::consumer})
    for (const auto tree_of : {role::technician, role::cls, role::consumer}) {
      const auto r = ask(method::get, "/smgw/" + std::string{to_string(tree_of)} + "/v1/rts/State/s1", who);
      CHECK(status(r) == (who == tree_of ? 0 : 403));
      if (r) CHECK(r->who == who);
    }
  CHECK(to_string(role::technician) == "srv");
  CHECK(to_string(role::cls) == "cls");
  CHECK(to_string(role::consumer) == "con");
}

TEST_CASE("What is not listed for a role is not there") {
  for (const auto* target :
       {"/", "/smgw", "/smgw/con", "/smgw/con/", "/smgw/con/v2/", "/smgw/gwa/v1/", "/smgw/con/v1", "/smgw/con/v1/rts",
        "/smgw/con/v1/xyz/", "/smgw/con/v1/rts/profile/p1", "/smgw/con/v1/rts/Profile/p1/", "/smgw/con/v1/rts/Profile",
        "/smgw/con/v1/rts/Profile/p1/more", "/smgw/con/v1/fas/SelfTest", "/smgw/con/v1/exp/Hidden/",
        "/smgw/con/v1/rts/Values/v1", "/other"})
    CHECK(status(ask(method::get, target)) == 404);
  CHECK(status(ask(method::get, "/smgw/con/v1/rts/../rts/Profile/p1")) == 400);
  CHECK(status(ask(method::get, "/smgw/con/v1/rts/Profile/%2e%2e")) == 400);
  CHECK(status(ask(method::post, "/smgw/srv/v1/fas/SelfTest", role::consumer)) == 403);
}

TEST_CASE("405 says what is permitted", "[REQ.Webservice.HttpServer.91]") {
  const auto r = ask(method::put, "/smgw/con/v1/rts/State/s1", role::consumer, "{}");
  CHECK(status(r) == 405);
  CHECK(r.error().headers.get("Allow") == "GET");
  CHECK(ask(method::post, "/smgw/con/v1/rts/Profile/p", role::consumer).error().headers.get("Allow") ==
        "GET, PUT, DELETE");
  CHECK(status(ask(method::head, "/smgw/con/v1/rts/Profile/p")) == 405);
  CHECK(status(ask(method::del, "/smgw/")) == 405);
}

TEST_CASE("Lists name every resource by its URI", "[REQ.Webservice.HttpServer.20][REQ.Webservice.HttpServer.220]") {
  const auto list = [](const char* target, role who = role::consumer) {
    const auto r = ask(method::get, target, who);
    CHECK(status(r) == 200);
    CHECK(r.error().headers.get("Content-Type") == "application/json");
    return text(r);
  };
  CHECK(list("/smgw/") == "[\"/smgw/con/v1/\"]");
  CHECK(list("/smgw/con/v1/") == "[\"/smgw/con/v1/rts/\",\"/smgw/con/v1/exp/\"]");
  CHECK(list("/smgw/con/v1/rts/") == "[\"/smgw/con/v1/rts/Profile/\",\"/smgw/con/v1/rts/State/\"]");
  CHECK(list("/smgw/con/v1/exp/") == "[\"/smgw/con/v1/exp/Values/\"]");
  CHECK(list("/smgw/srv/v1/fas/", role::technician) == "[\"/smgw/srv/v1/fas/SelfTest\"]");
  CHECK(list("/smgw/cls/v1/fas/", role::cls) == "[]");
  const auto ids = ask(method::get, "/smgw/con/v1/exp/Values/");
  REQUIRE(ids);
  CHECK(ids->what == operation::enumerate);
  CHECK(as_text(answer(*ids, resource_result{{}, {"con01", "a/b"}, false}).body) ==
        "[\"/smgw/con/v1/exp/Values/con01\",\"/smgw/con/v1/exp/Values/a%2Fb\"]");
  CHECK(status(ask(method::get, "/smgw/con/v1/rts/?q.count=1")) == 400);
  CHECK(status(ask(method::get, "/smgw/con/v1/rts/", role::consumer, {}, {{"Accept", "text/html"}})) == 406);
}

TEST_CASE("Exports take their filters and no others", "[REQ.Webservice.HttpServer.210]") {
  const auto r = ask(method::get, "/smgw/con/v1/exp/Values/con01?q.count=3");
  REQUIRE(r);
  CHECK((r->what == operation::hand_out && r->query.count == 3));
  CHECK(status(ask(method::get, "/smgw/con/v1/exp/Values/con01?q.level=W")) == 400);
  CHECK(status(ask(method::get, "/smgw/con/v1/exp/Values/con01?")) == 400);
  CHECK(status(ask(method::get, "/smgw/con/v1/rts/Profile/p?q.count=1")) == 400);
}

TEST_CASE("The form of the answer follows Accept, else JSON",
          "[REQ.Webservice.HttpServer.220][REQ.Webservice.HttpServer.240][REQ.Webservice.HttpServer.250]") {
  const auto form = [](fields headers) {
    return ask(method::get, "/smgw/con/v1/exp/Values/c", role::consumer, {}, std::move(headers));
  };
  CHECK(form({})->answer_as == body_kind::json);
  CHECK(form({{"Accept", "*/*"}})->answer_as == body_kind::json);
  const auto cms = form({{"Accept", "application/cms+json"}});
  CHECK(cms->answer_as == body_kind::cms_json);
  CHECK(done(cms, "0").headers.get("Content-Type") == content_type(body_kind::cms_json));
  CHECK(status(form({{"Accept", "text/html"}})) == 406);
}

TEST_CASE("Bodies are read as their Content-Type says, or refused",
          "[REQ.Webservice.HttpServer.62][REQ.Webservice.HttpServer.230]") {
  const auto put_as = [](const char* type, std::string_view body) {
    return status(ask(method::put, "/smgw/con/v1/rts/Profile/p", role::consumer, body, {{"Content-Type", type}}));
  };
  CHECK(put_as("application/json", "{\"a\":[1,2]}") == 0);
  CHECK(put_as("application/json", "{\"a\":[1,2}") == 422);
  CHECK(put_as("application/json", "{} x") == 422);
  CHECK(put_as("application/json", "\"\xff\"") == 422);
  CHECK(put_as("application/json", std::string(33, '[') + std::string(33, ']')) == 422);
  CHECK(put_as("application/xml", "<a/>") == 415);
  CHECK(put_as("text/plain", "{}") == 415);
  CHECK(put_as("application/json", "") == 422);
  CHECK(status(ask(method::get, "/smgw/con/v1/rts/Profile/p", role::consumer, "{}")) == 400);
  const auto letter = [](const char* type, std::string_view body) {
    return status(ask(method::post, "/smgw/cls/v1/rts/Letter/", role::cls, body, {{"Content-Type", type}}));
  };
  CHECK(letter("application/xml", "<a>1</a>") == 0);
  CHECK(letter("application/xml", "<a>1</b>") == 422);
  CHECK(letter("application/xml", "text") == 422);
  CHECK(letter("application/xml", "<!DOCTYPE a><a/>") == 422);
  const char* cms = "application/vnd.de-dke-k461-cosem+xml;encap=cms-tr03109";
  CHECK(letter(cms, {"\x30\x01\x05", 3}) == 0);
  CHECK(letter(cms, {"\x30\x81\x01\x05", 4}) == 0);
  CHECK(letter(cms, {"\x30\x02\x05", 3}) == 422);
  CHECK(letter(cms, {"\x31\x01\x05", 3}) == 422);
  CHECK(letter(cms, {"\x30\x80", 2}) == 422);
  CHECK(letter(cms, {"\x30\x84\x01", 3}) == 422);
  CHECK(letter(cms, "<a/>") == 422);
}

TEST_CASE("An error ends in 400 or above", "[REQ.Webservice.HttpServer.90]") {
  const auto call = ask(method::get, "/smgw/con/v1/rts/Profile/p").value();
  const auto r = answer(call, std::unexpected{refusal{404, {errc::unavailable, "no \"p\""}}});
  CHECK(r.status == 404);
  CHECK(as_text(r.body) == "{\"error\":\"no \\\"p\\\"\"}");
  for (const auto code : {errc::malformed, errc::truncated, errc::unsupported, errc::denied, errc::unavailable,
                          errc::conflict, errc::exhausted, errc::expired, errc::untrusted, errc::internal})
    CHECK(status_of(code) >= 400);
  CHECK(status_of(errc::malformed) == 422);
  CHECK(status_of(errc::conflict) == 409);
  CHECK(error_text("\xff") == "{\"error\":\"\xEF\xBF\xBD\"}");
}
