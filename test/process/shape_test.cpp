// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

// The shape and the way of deliveries, as a market participant's profile has them.
#include "audit.hpp"
#include "base/octets.hpp"
#include "party_cms.hpp"
#include "protocols/cosem/delivery.hpp"

#include <catch2/catch_test_macros.hpp>

#include <fstream>

using namespace smgw;
using namespace smgw::test;

namespace {

void change_profile(const house& h, const std::string& file, const nlohmann::json& members) {
  const auto path = h.configuration() / file;
  nlohmann::json profile;
  std::ifstream(path) >> profile;
  profile.update(members);
  std::ofstream(path) << profile.dump();
}

}  // namespace

TEST_CASE("a profile chooses JSON: the same values arrive as JSON, each once", "[process]") {
  house h;
  change_profile(h, "wan/stadtwerk.json", {{"body_format", "json"}});
  h.open_market();
  auto gateway = process::run(h.configuration());
  REQUIRE(eventually([&] { return h.documents("taf7-1.sm").size() >= 2; }));
  REQUIRE(eventually([&] { return h.number("outbox", "acknowledged") >= 3; }));
  stop(gateway);
  for (const auto& a : h.documents("taf7-1.sm")) {
    const auto root = nlohmann::json::parse(a.what.document);
    CHECK(root.at("columns").at(0).at("logical_name") == "0100010800ff.1smg0000000001.sm");
    CHECK(root.at("columns").at(0).at("entries").size() == a.what.content.channels.at(0).entries.size());
  }
  audit_deliveries(h, 1);
}

TEST_CASE("deliveries through the administrator: it gets them, the market participant alone can read them",
          "[process][REQ.CMS.MessageCipherSuite.10]") {
  house_options o;
  o.administrator = true;
  house h(o);
  change_profile(h, "wan/stadtwerk.json", {{"through_administrator", true}});
  auto& gwa = h.open_administrator();
  auto gateway = process::run(h.configuration());
  const auto forwarded = [&] {
    std::vector<sim::gateway_message> all;
    for (auto& m : gwa.messages())
      if (m.target == "/smgw/forward/stadtwerk") all.push_back(std::move(m));
    return all;
  };
  REQUIRE(eventually([&] { return forwarded().size() >= 2; }));
  REQUIRE(eventually([&] { return h.number("outbox", "acknowledged") >= 2; }));
  stop(gateway);
  const auto reader = sim::load_party(h.world().pki() / "stadtwerk");
  const auto other = sim::load_party(h.world().pki() / "administrator");
  const auto signer = sim::load_certificates(h.world().pki() / "gateway/sig.pem");
  REQUIRE(reader);
  REQUIRE(other);
  REQUIRE(signer);
  const auto message = forwarded().front();
  CHECK_FALSE(sim::open_sealed(message.forwarded, *other, *signer));
  const auto content = sim::open_sealed(message.forwarded, *reader, *signer);
  REQUIRE(content);
  const auto delivery = cosem::read(as_text(*content));
  REQUIRE(delivery);
  CHECK(delivery->channels.at(0).source == "1smg0000000001.sm");
}
