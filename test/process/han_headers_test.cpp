// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

// Header fields as curl sends and sees them.
#include "neighbours.hpp"

#include <algorithm>
#include <set>
#include <sstream>

using namespace smgw;
using namespace smgw::test;

namespace {

constexpr auto page = "/smgw/con/v1/rts/Gateway/self";

/// Names of the header fields of an answer, in small letters.
std::set<std::string> names_of(const fetched& f) {
  std::set<std::string> out;
  std::istringstream lines(f.headers);
  std::string line;
  std::getline(lines, line);  // the status
  while (std::getline(lines, line)) {
    auto name = line.substr(0, line.find(':'));
    std::ranges::transform(name, name.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? c | 0x20 : c; });
    out.insert(name);
  }
  return out;
}

std::vector<std::string> fields(std::size_t count, std::size_t size) {
  std::vector<std::string> out;
  for (std::size_t i = 0; i < count; ++i) {
    auto line = "X-Padding-" + std::to_string(i) + ": ";
    line.resize(size - 2, 'p');  // CR LF
    out.insert(out.end(), {"-H", line});
  }
  return out;
}

}  // namespace

TEST_CASE(
    "field names count in any case, fields of 250 and headers of 8500 characters are taken, and answers are terse",
    "[process][han][REQ.Webservice.HttpServer.30][REQ.Webservice.HttpServer.160]"
    "[REQ.Webservice.HttpServer.170][REQ.Webservice.HttpServer.180][REQ.Webservice.HttpServer.220]"
    "[REQ.Webservice.HttpServer.240][REQ.Webservice.HttpServer.250]") {
  neighbours n;
  const auto plain = n.home.as_party("card1", page);
  CHECK(plain.status == 200);
  CHECK(plain.json().is_object());
  CHECK(names_of(plain) == std::set<std::string>{"content-length", "content-type"});
  CHECK(plain.headers.contains("application/json"));
  for (const auto* accept : {"Accept: text/html", "aCCEPT: text/html", "ACCEPT: text/html"})
    CHECK(n.home.as_party("card1", page, {"-H", accept}).status == 406);
  CHECK(n.home.as_party("card1", page, {"-H", "accept: APPLICATION/json"}).status == 200);
  const auto refused = n.home.curl({}, page);
  CHECK(refused.status == 401);
  CHECK(names_of(refused).contains("www-authenticate"));
  CHECK_FALSE(names_of(refused).contains("server"));
  CHECK(n.home.as_party("card1", page, fields(1, 250)).status == 200);
  // curl's own lines take less than 250 of the 8500
  CHECK(n.home.as_party("card1", page, fields(33, 250)).status == 200);
  CHECK(n.home.as_party("card1", page, fields(80, 250)).status == 431);
  CHECK(n.home.as_party("card1", page).status == 200);
  stop(n.gateway);
}
