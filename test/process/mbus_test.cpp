// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

// A wired M-Bus at a pseudo-terminal: `smgw lmn scan` against the real program and simulated slaves.
#include "actors/platform/assembly.hpp"
#include "audit.hpp"
#include "kinds.hpp"

#include <catch2/catch_test_macros.hpp>

#include <fstream>

using namespace smgw;
using namespace smgw::test;

TEST_CASE("smgw lmn scan finds meters on a wired M-Bus by their secondary addresses", "[process][mbus]") {
  house h;
  const auto line = h.world().folder / "water";
  const auto file = h.configuration() / "gateway.json";
  auto content = nlohmann::json::parse(std::ifstream(file));
  auto& port = content["lmn_ports"][0];
  port = {{"id", port["id"]}, {"protocol", "mbus"}, {"serial", line.string()}, {"baud", 9600}, {"poll_s", 60}};
  std::ofstream(file) << content.dump(2) << "\n";

  sim::meter_options slaves;
  slaves.id = *device_id::parse("8APA0512345678");
  REQUIRE(sim::choose_kind({.kind = "mbus", .count = 2}, platform::system_clock_now(), slaves));
  slaves.device = line.string();
  const auto wires = sim::meter::start(std::move(slaves));
  REQUIRE(wires);

  auto gateway = process::run(h.configuration());
  REQUIRE(gateway.await_line("lmn0: port open"));
  process scan({"lmn", "scan", "-c", h.configuration()});
  CHECK(scan.wait(2min) == 0);
  INFO(scan.text() << gateway.text());
  CHECK(scan.has_line("8APA0512345678"));
  CHECK(scan.has_line("8APA0512345679"));
  CHECK(gateway.has_line("search: 2 found"));
  stop(gateway);
}
