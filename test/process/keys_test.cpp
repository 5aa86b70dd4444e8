// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "actors/platform/files.hpp"
#include "actors/platform/own_certificates.hpp"
#include "base/octets.hpp"
#include "crypto/scratch.hpp"
#include "house.hpp"
#include "pki.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace smgw;
using namespace smgw::test;
namespace fs = std::filesystem;

namespace {

/// What `smgw keys …` prints, and what it ends with.
struct outcome {
  int code = -1;
  std::string text;
};
outcome keys(const house& h, std::vector<std::string> words) {
  std::vector<std::string> arguments{"keys"};
  arguments.insert(arguments.end(), words.begin(), words.end());
  arguments.insert(arguments.end(), {"-c", h.configuration().string()});
  process p(arguments);
  const auto ended = p.wait(patience);
  return {ended.value_or(-1), p.text()};
}

timestamp now() { return std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now()); }

}  // namespace

TEST_CASE("keys are listed with their certificates, made, asked for and destroyed", "[process][keys]") {
  const house h;
  const auto listed = keys(h, {"list"});
  INFO(listed.text);
  CHECK(listed.code == 0);
  for (const auto* part : {"gw_wan_tls  tls  brainpoolP256r1", "gw_wan_sig", "gw_wan_enc", "in force"})
    CHECK(listed.text.find(part) != std::string::npos);
  const auto json = nlohmann::json::parse(keys(h, {"list", "--json"}).text);
  CHECK(json["keys"].size() == 3);
  CHECK(json["keys"][0]["standing"] == "in force");

  CHECK(keys(h, {"generate", "meter.1", "--curve", "secp256r1"}).code == 0);
  const auto taken = keys(h, {"generate", "meter.1"});
  CHECK(taken.code == 1);
  CHECK(taken.text.find("meter.1 already") != std::string::npos);
  const auto wrong = keys(h, {"generate", "other", "--curve", "secp521r1"});
  CHECK(wrong.code == 2);
  CHECK(wrong.text.find("secp521r1") != std::string::npos);

  const auto request = keys(h, {"request", "meter.1", "-o", (h.data() / "p10").string()});
  CHECK(request.code == 0);
  const auto [code, text] =
      crypto::test::run("openssl req -inform DER -verify -noout -subject -in " + (h.data() / "p10").string());
  INFO(text);
  CHECK(code == 0);
  CHECK(text.find(".SMGW") != std::string::npos);
  CHECK(keys(h, {"destroy", "meter.1"}).code == 0);
  CHECK(keys(h, {"destroy", "meter.1"}).code == 1);
}

TEST_CASE("certificates are renewed: new keys, one signed package, an answer of the CA, and only then they are offered",
          "[process][keys]") {
  const house h;
  const platform::own_certificates own(h.data() / "certificates");
  REQUIRE(own.current() == 0);
  REQUIRE(own.complete(0));
  const auto begun = keys(h, {"renew"});
  INFO(begun.text);
  REQUIRE(begun.code == 0);
  const auto package = own.folder(1) / "requests.cms";
  const auto first = platform::read_file(package);
  REQUIRE(first);
  CHECK(keys(h, {"renew"}).code == 0);  // asked again, it is the same keys
  CHECK(nlohmann::json::parse(keys(h, {"list", "--json"}).text)["keys"].size() == 6);

  const auto pem = sim::issue_certificates(h.world().pki(), *first, now());
  INFO((pem ? "" : pem.error().what));
  REQUIRE(pem);
  auto forged = *first;
  forged[forged.size() / 2] ^= 1;
  CHECK_FALSE(sim::issue_certificates(h.world().pki(), forged, now()));

  const auto file = h.data() / "answer.pem";
  REQUIRE(sim::write_file(file, *pem));
  const auto foreign = keys(h, {"import", (h.world().pki() / "stadtwerk/sig.pem").string()});
  CHECK(foreign.code == 1);
  CHECK(foreign.text.find("none of the keys") != std::string::npos);
  CHECK_FALSE(own.next());
  const auto imported = keys(h, {"import", file.string()});
  INFO(imported.text);
  CHECK(imported.code == 0);
  CHECK(own.next() == 1);
  CHECK(own.current() == 0);
}
