// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

// A wired bus: HDLC, the symmetric pairing, TLS and SML between the real program and simulated meters, over a
// pseudo-terminal and over TCP.
#include "actors/platform/assembly.hpp"
#include "audit.hpp"
#include "kinds.hpp"

#include <catch2/catch_test_macros.hpp>

#include <csignal>
#include <fstream>

using namespace smgw;
using namespace smgw::test;
using nlohmann::json;

namespace {

namespace fs = std::filesystem;

constexpr auto maker_key = "000102030405060708090a0b0c0d0e0f";
constexpr auto meter1 = "meter 1SMG0000000001";
constexpr auto link0 = "link lmn0";

void edit(const fs::path& file, const std::function<void(json&)>& change) {
  auto content = json::parse(std::ifstream(file));
  change(content);
  std::ofstream(file) << content.dump(2) << "\n";
}

/// The house's one meter hangs on a wired bus, and its profile has this key.
void wire(const house& h, std::string_view key, const fs::path& device = {}) {
  edit(h.configuration() / "gateway.json", [&](json& g) {
    auto& port = g["lmn_ports"][0];
    port["protocol"] = "hdlc";
    if (device.empty()) return;
    port.erase("tcp");
    port["serial"] = device.string();
    port["baud"] = 921'600;
  });
  edit(h.configuration() / "meters/1smg0000000001.json", [&](json& m) { m["key"] = key; });
}

/// Second indexes count whole seconds: a window of a quarter of one would be narrower than what the meter can say.
house_options slow_slots() { return {.period = 4s, .window = 1500ms, .delivery = 4s, .billing = 8s}; }

/// A meter as it leaves the factory.
sim::meter_options factory_fresh(const house& h) {
  sim::meter_options o;
  o.id = h.meter_id(0);
  o.seed = 1;
  sim::kind_options kind;
  kind.kind = "hdlc";
  kind.key = maker_key;
  REQUIRE(sim::choose_kind(kind, platform::system_clock_now(), o));
  return o;
}

void check_values(const std::vector<list_entry>& entries) {
  const sim::household home(1);
  for (const auto& e : entries) {
    if (is_gap(e)) continue;
    CHECK(e.value.value.value >= home.energy(e.value.captured - 2s));
    CHECK(e.value.value.value <= home.energy(e.value.captured + 2s));
  }
}

}  // namespace

TEST_CASE("a factory-fresh meter on a wired bus is paired and read by the program; after kill -9 it is known",
          "[process][hdlc][REQ.TLSHDLC.SMGW.10][REQ.TLSHDLC.SMGW.40][REQ.SYMHDLC.SMGW.InitialPairing.10]") {
  house h(slow_slots());
  h.open_market();
  wire(h, maker_key);
  h.start_meter(0, factory_fresh(h));
  auto gateway = process::run(h.configuration());
  REQUIRE(gateway.await_line("1SMG0000000001: paired"));
  const auto read = eventually([&] { return h.number(meter1, "stored") >= 3; });
  INFO(gateway.text() << h.status().dump(1));
  REQUIRE(read);
  CHECK(h.number(link0, "participants") == 1);
  CHECK(fs::exists(h.data() / "certificates/lmn.pem"));
  gateway.signal(SIGKILL);
  (void)gateway.wait(5s);

  auto again = process::run(h.configuration());
  REQUIRE(again.await_line("secure channel"));
  const auto known = eventually([&] { return h.number(meter1, "stored") >= 2; });
  INFO(again.text() << h.status().dump(1));
  REQUIRE(known);
  CHECK_FALSE(again.text().contains(": paired"));
  stop(again);
  check_values(original_list(h, 0, 4s));
}

TEST_CASE("a bus on a serial line: pairing, then release of a meter whose profile is no longer active",
          "[process][hdlc][REQ.SYMHDLC.SMGW.RemovePairingInMtr.10]") {
  house h(slow_slots());
  h.open_market();
  const auto line = h.world().folder / "bus";
  wire(h, maker_key, line);
  auto meter = factory_fresh(h);
  meter.device = line.string();
  h.start_meter(0, meter);
  auto gateway = process::run(h.configuration());
  REQUIRE(gateway.await_line("1SMG0000000001: paired"));
  REQUIRE(eventually([&] { return h.number(meter1, "stored") >= 2; }));
  stop(gateway);
  check_values(original_list(h, 0, 4s));

  edit(h.configuration() / "meters/1smg0000000001.json", [](json& m) { m["active"] = false; });
  for (const auto* contract : {"taf1-1", "taf7-1"})
    fs::remove(h.configuration() / "evaluations" / (std::string(contract) + ".json"));
  auto again = process::run(h.configuration());
  CHECK(again.await_line("1SMG0000000001: released"));
  stop(again);
}

TEST_CASE("a wrong key in the profile is told by the program", "[process][hdlc]") {
  house h(slow_slots());
  h.open_market();
  wire(h, "ffffffffffffffffffffffffffffffff");
  h.start_meter(0, factory_fresh(h));
  auto gateway = process::run(h.configuration());
  CHECK(gateway.await_line("the key in its profile is not the meter's"));
  CHECK(h.number(link0, "MAC wrong") >= 1);
  stop(gateway);
}
