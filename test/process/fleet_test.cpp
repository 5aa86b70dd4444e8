// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

// The simulated administrator with many gateways at once: each is asked by its id, and none waits for another.
#include "base/octets.hpp"
#include "gwa_shell.hpp"
#include "home.hpp"
#include "light_gateways.hpp"
#include "relay.hpp"

#include <catch2/catch_test_macros.hpp>

#include <algorithm>
#include <sstream>

using namespace smgw;
using namespace smgw::test;

namespace {

constexpr std::size_t count = 24;

/// An administrator, and gateways that call it.
struct field {
  std::filesystem::path folder = [] {
    std::string pattern = (std::filesystem::temp_directory_path() / "smgw-fleet-XXXXXX").string();
    REQUIRE(::mkdtemp(pattern.data()) != nullptr);
    return std::filesystem::path(pattern);
  }();
  std::vector<sim::light_gateway> made;
  std::unique_ptr<sim::gwa> administrator;
  std::unique_ptr<sim::light_gateways> calling;

  field() {
    const auto now = sim::wall_clock();
    REQUIRE(sim::make_pki(folder / "pki", {{.folder = "administrator", .common_name = "administrator.GWA"}},
                          crypto::curve::brainpool_p256r1, now));
    auto all =
        sim::make_light_gateways(folder / "pki", folder / "fleet", *device_id::parse("ESMG0000000001"), count, now);
    REQUIRE(all);
    made = std::move(*all);
    auto known = sim::load_gateways(folder / "fleet");
    REQUIRE(known);
    REQUIRE(known->size() == count);
    auto started = sim::gwa::start({.self = sim::load_party(folder / "pki/administrator").value(),
                                    .gateways = std::move(*known),
                                    .say = {},
                                    .files = {}});
    REQUIRE(started);
    administrator = std::move(*started);
  }
  ~field() { std::filesystem::remove_all(folder); }
  field(const field&) = delete;
  field& operator=(const field&) = delete;

  void call(std::vector<sim::light_gateway> who, std::set<device_id> silent = {}) {
    const auto own = sim::load_party(folder / "pki/administrator");
    REQUIRE(own);
    auto begun = sim::light_gateways::call({.port = administrator->port(),
                                            .gateways = std::move(who),
                                            .administrator_tls = own->tls_chain.front(),
                                            .administrator_encryption = own->encryption,
                                            .silent = std::move(silent),
                                            .say = {}});
    REQUIRE(begun);
    calling = std::move(*begun);
  }
};

std::string named(const sim::managed_gateway& g) { return "<ldev id=\"" + g.host_name() + "\"/>"; }

}  // namespace

TEST_CASE("an administrator asks many gateways at once, and each by its id", "[process][fleet]") {
  field f;
  CHECK_FALSE(f.administrator->await_gateways(1, 100ms));
  f.call(f.made);
  REQUIRE(f.administrator->await_gateways(count, patience));
  std::vector<std::future<expected<http::response>>> asked;
  for (const auto& g : f.administrator->gateways())
    asked.push_back(g.begin(g.request(http::method::get, "/cosem/ldevs/").value()));
  for (std::size_t i = 0; i < count; ++i) {
    const auto& g = f.administrator->gateways()[i];
    auto answer = asked[i].get();
    REQUIRE(answer);
    const auto read = g.read(std::move(*answer));
    REQUIRE(read);
    CHECK(read->document.contains(named(g)));
  }
  CHECK(f.calling->answers() == count);

  std::istringstream script(
      "await 24\nls\n@ESMG0000000007 ls\nuse ESMG0000000009\nls\nbye\ngateways\n@all use ESMG0000000001\n");
  std::ostringstream out;
  CHECK(sim::gwa_shell(*f.administrator, f.administrator->gateways().front(), script, out, true) == 0);
  INFO(out.str());
  for (const auto* id : {"esmg0000000001.sm", "esmg0000000007.sm", "esmg0000000009.sm"}) CHECK(out.str().contains(id));
  CHECK(out.str().contains("ESMG0000000009 not connected, 1 connections so far"));
  CHECK(out.str().contains("ESMG0000000010 connected, 1 connections so far"));
  std::istringstream unknown("use ESMG0000009999\n");
  CHECK(sim::gwa_shell(*f.administrator, f.administrator->gateways().front(), unknown, out, true) == 1);

  const auto through = sim::relay::start(*f.administrator, 0);
  REQUIRE(through);
  const auto base = "http://127.0.0.1:" + std::to_string((*through)->port());
  const auto got = [&](const std::string& path) { return run_program({"curl", "-s", "-m", "20", base + path}).output; };
  CHECK(got("/ESMG0000000005/cosem/ldevs/").contains("esmg0000000005.sm"));
  CHECK(got("/cosem/ldevs/").contains("esmg0000000001.sm"));
  CHECK(got("/ESMG0000009999/cosem/ldevs/").contains("no such gateway"));
  CHECK(got("/ESMG0000000009/cosem/ldevs/").contains("wake it first"));
}

TEST_CASE("a gateway that is silent, gone or unknown holds up no other", "[process][fleet]") {
  field f;
  const auto& gateways = f.administrator->gateways();
  f.call(f.made, {gateways[3].id()});
  REQUIRE(f.administrator->await_gateways(count, patience));
  const auto question = [](const sim::managed_gateway& g) {
    return g.begin(g.request(http::method::get, "/cosem/ldevs/").value());
  };
  auto never = question(gateways[3]);
  auto behind = question(gateways[3]);
  for (std::size_t i = 0; i < count; ++i)
    if (i != 3) CHECK(question(gateways[i]).get());
  CHECK(never.wait_for(0s) == std::future_status::timeout);

  // It calls again: what was asked over the old connection may still come, what waits goes over the new one.
  std::vector<sim::light_gateway> only{f.made[3]};
  auto first = std::move(f.calling);
  f.call(only);
  const auto answer = behind.get();
  REQUIRE(answer);
  CHECK(gateways[3].connections() == 2);
  first.reset();
  const auto lost = never.get();
  REQUIRE_FALSE(lost);
  CHECK(lost.error().code == errc::unavailable);
  CHECK(question(gateways[3]).get());
  CHECK(question(gateways[4]).get().error().code == errc::unavailable);

  // A gateway of the same PKI that is not of the fleet comes no further than TLS.
  auto stranger = sim::make_light_gateways(f.folder / "pki", f.folder / "other", *device_id::parse("ESMG0000000100"), 1,
                                           sim::wall_clock());
  REQUIRE(stranger);
  f.call(std::move(*stranger));
  CHECK_FALSE(f.calling->await_connected(500ms));
  CHECK(f.administrator->connected() == 0);
}
