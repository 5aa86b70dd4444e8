// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "protocols/http/media.hpp"

#include <catch2/catch_test_macros.hpp>

#include <array>

using namespace smgw;
using namespace smgw::http;

namespace {

constexpr std::array json_and_cms{body_kind::json, body_kind::cms_json};
std::optional<body_kind> choose(std::string accept, std::span<const body_kind> offered = json_and_cms) {
  return negotiate({{"Accept", std::move(accept)}}, offered);
}

}  // namespace

TEST_CASE("Each row of the table is written and recognised",
          "[REQ.Webservice.HttpServer.70][REQ.Webservice.HttpClient.70]") {
  for (const auto kind :
       {body_kind::json, body_kind::xml, body_kind::octets, body_kind::byteranges, body_kind::cms_json,
        body_kind::cms_json_sealed, body_kind::cms_json_full, body_kind::cms_xml})
    CHECK(classify(content_type(kind)) == kind);
  CHECK(content_type(body_kind::json) == "application/json");
  CHECK(content_type(body_kind::octets) == "application/octetstream");
  CHECK(content_type(body_kind::cms_xml) == "application/vnd.de-dke-k461-cosem+xml;encap=cms-tr03109");
}

TEST_CASE("Spellings of the same type", "[REQ.Webservice.HttpServer.230]") {
  CHECK(classify("Application/JSON; charset=UTF-8") == body_kind::json);
  CHECK(classify("application/octet-stream") == body_kind::octets);
  CHECK(classify("application/vnd.de-dke-k461-cosem +xml; encap=cms-tr03109") == body_kind::cms_xml);
  CHECK(classify("application/cms+xml; encapsulatingContent=\"signedData , authEnvelopedData , compressedData\"") ==
        body_kind::cms_xml);
  CHECK(classify("application/cms+json;encapsulatingcontent=signedData") == body_kind::cms_json);
  CHECK(classify("multipart/byteranges; boundary=\"a b\"") == body_kind::byteranges);
}

TEST_CASE("Types that are not offered are 415", "[REQ.Webservice.HttpServer.230]") {
  for (const auto* text :
       {"", "json", "/json", "application/", "text/html", "application/json; charset=utf-16", "application/json;",
        "application/json; =1", "application/json; a=\"1", "application/json; a=", "application/json x",
        "application/cms+json", "application/cms+xml; encapsulatingContent=\"signedData\"",
        "application/cms+json; encapsulatingContent=\"authEnvelopedData, signedData\"",
        "application/vnd.de-dke-k461-cosem+xml", "application/vnd.de-dke-k461-cosem+xml;encap=none", "text/json"}) {
    const auto kind = classify(text);
    REQUIRE_FALSE(kind);
    CHECK(kind.error().code == errc::unsupported);
  }
  std::string many = "application/json";
  for (int i = 0; i < 9; ++i) many += ";a=1";
  CHECK(parse_media_type(many).error().code == errc::exhausted);
}

TEST_CASE("Accept decides, and JSON is what goes without",
          "[REQ.Webservice.HttpServer.240][REQ.Webservice.HttpServer.250]") {
  CHECK(negotiate({}, json_and_cms) == body_kind::json);
  CHECK(choose("*/*") == body_kind::json);
  CHECK(choose("application/*") == body_kind::json);
  CHECK(choose("application/json") == body_kind::json);
  CHECK(choose("application/cms+json; encapsulatingContent=\"signedData\"") == body_kind::cms_json);
  CHECK(choose("application/cms+json") == body_kind::cms_json);
  CHECK(choose("application/json;q=0.2, application/cms+json;q=0.9") == body_kind::cms_json);
  CHECK(choose("application/json;q=0, */*") == body_kind::cms_json);
  CHECK(choose("text/html, */*;q=0.1") == body_kind::json);
  CHECK(choose("") == body_kind::json);
  CHECK(choose("???") == body_kind::json);
  CHECK(choose("application/json;q=7") == body_kind::json);
}

TEST_CASE("What is not available as asked is 406", "[REQ.Webservice.HttpServer.240]") {
  CHECK_FALSE(choose("text/html"));
  CHECK_FALSE(choose("application/xml"));
  CHECK_FALSE(choose("*/*;q=0"));
  CHECK_FALSE(choose("application/json;q=0.000", std::array{body_kind::json}));
  CHECK_FALSE(choose("*/json"));
  CHECK_FALSE(negotiate({}, {}));
}
